using System.Security.Cryptography;
using Jpki.Cps;

namespace Jpki.Card;

/// <summary>
/// The rule for the holder's password: 4 to 16 letters and digits, upper case. OpenSC sends none shorter than 6. パスワード
/// </summary>
public static class CardPassword
{
    public const int Shortest = 4;
    public const int Longest = 16;

    /// <summary>No I, O, 0 or 1: people type it from paper.</summary>
    private const string Readable = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int MadeUpLength = 8;

    /// <summary>As the card compares it: every client makes letters upper case before it sends them.</summary>
    public static string Normalise(string password) =>
        string.Create(password.Length, password, (upper, given) =>
        {
            for (var i = 0; i < given.Length; i++)
                upper[i] = char.IsAsciiLetterLower(given[i]) ? (char)(given[i] - 'a' + 'A') : given[i];
        });

    /// <summary>What is wrong with it; null when the card may have it. (CPS 6-4-2-1)</summary>
    public static Refusal? Objection(string password) =>
        password.Length is < Shortest or > Longest || !password.All(char.IsAsciiLetterOrDigit)
            ? new("6-4-2-1", $"a password is {Shortest} to {Longest} letters A-Z and digits")
            : null;

    /// <summary>A password for a made-up resident, long enough for every client.</summary>
    public static string MakeUp(RandomNumberGenerator random)
    {
        var octets = new byte[MadeUpLength];
        random.GetBytes(octets);
        return string.Concat(octets.Select(o => Readable[o % Readable.Length]));
    }
}
