using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Jpki.Counter;

/// <summary>Whoever stands at the door: the session they show, and the token that ties a form to it.</summary>
internal static class Visitor
{
    private const string SessionCookie = "__Host-counter";
    private const string BeforeLogInCookie = "__Host-counter-form";
    private const string DeviceCookie = "__Host-device";
    private const string Bearer = "Bearer ";

    /// <summary>From the Authorization header, else from the cookie.</summary>
    public static string? Token(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.Ordinal)
            ? header[Bearer.Length..] : http.Request.Cookies[SessionCookie];
    }

    public static async Task<OfficerOnDuty?> OnDuty(HttpContext http, LogIns logIns) =>
        Token(http) is { Length: > 0 and <= 128 } token ? await logIns.Find(token) : null;

    public static void Remember(HttpContext http, string token) =>
        http.Response.Cookies.Append(SessionCookie, token, Strict);

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(SessionCookie, Strict);

    /// <summary>Who is at the key pair device: another cookie than an officer's, good for nothing else.</summary>
    public static string? DeviceToken(HttpContext http) => http.Request.Cookies[DeviceCookie];

    public static void RememberAtDevice(HttpContext http, string token) =>
        http.Response.Cookies.Append(DeviceCookie, token, Strict);

    public static void ForgetAtDevice(HttpContext http) => http.Response.Cookies.Delete(DeviceCookie, Strict);

    /// <summary>What a page's forms carry: only a page of ours, made for this session, can know it.</summary>
    public static string FormToken(HttpContext http) => HashOf("form " + (Token(http) ?? BeforeLogIn(http)));

    public static string DeviceFormToken(HttpContext http) =>
        HashOf("device " + (DeviceToken(http) ?? BeforeLogIn(http)));

    public static bool SentFromOurPage(HttpContext http, IFormCollection form) => Carries(form, FormToken(http));

    public static bool SentFromTheDevice(HttpContext http, IFormCollection form) =>
        Carries(form, DeviceFormToken(http));

    /// <summary>Gives somebody who has no session yet a secret for the log-in form.</summary>
    public static void Greet(HttpContext http, RandomNumberGenerator random)
    {
        if (http.Request.Cookies.ContainsKey(BeforeLogInCookie))
            return;
        var bytes = new byte[32];
        random.GetBytes(bytes);
        var secret = Convert.ToHexStringLower(bytes);
        http.Items[BeforeLogInCookie] = secret;
        http.Response.Cookies.Append(BeforeLogInCookie, secret, Strict);
    }

    private static bool Carries(IFormCollection form, string token) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(form["formToken"].ToString()), Encoding.UTF8.GetBytes(token));

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string BeforeLogIn(HttpContext http) =>
        http.Items[BeforeLogInCookie] as string ?? http.Request.Cookies[BeforeLogInCookie] ?? "";

    private static CookieOptions Strict =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
