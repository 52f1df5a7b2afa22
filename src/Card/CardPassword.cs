using System.Security.Cryptography;
using Jpki.Cps;

namespace Jpki.Card;

/// <summary>
/// The rule for the holder's password: 4 to 16 letters and digits, upper case; of the authentication key's PIN: four
/// digits. OpenSC sends no password shorter than 6. パスワード
/// </summary>
public static class CardPassword
{
    public const int Shortest = 4;
    public const int Longest = 16;

    /// <summary>Digits of the authentication key's PIN.</summary>
    public const int PinLength = 4;

    /// <summary>No I, O, 0 or 1: people type it from paper.</summary>
    private const string Readable = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int MadeUpLength = 8;

    /// <summary>Wrong passwords until the key is locked: 5 (CPS 2-1-3(16)), for the PIN 3.</summary>
    public static int TriesOf(KeyPurpose purpose) => purpose == KeyPurpose.Sign ? 5 : 3;

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

    /// <summary>Whether the card keeps it: as <see cref="Normalise"/> makes it, or four digits.</summary>
    internal static bool Allows(KeyPurpose purpose, string password) => purpose == KeyPurpose.Sign
        ? Objection(password) is null && !password.Any(char.IsAsciiLetterLower)
        : password.Length == PinLength && password.All(char.IsAsciiDigit);

    /// <summary>A password for a made-up resident, long enough for every client.</summary>
    public static string MakeUp(RandomNumberGenerator random)
    {
        var octets = new byte[MadeUpLength];
        random.GetBytes(octets);
        return string.Concat(octets.Select(o => Readable[o % Readable.Length]));
    }
}
