using System.Security.Cryptography;

namespace Jpki.ControlRoom.Officers;

/// <summary>
/// The one-time code by which somebody becomes the officer that he was registered as. It has two halves, and each of
/// the two who register him sees only one: neither could come in his place. 初期登録コード (CPS 5-2-2③, 5-2-3)
/// </summary>
public static class EnrolmentCode
{
    // Without those that are read for one another.
    private const string Symbols = "ABCDEFGHJKMNPQRSTUVWXYZ123456789";
    private const int Length = 10;

    /// <summary>50 bits.</summary>
    public static string NewHalf(RandomNumberGenerator random)
    {
        var octets = new byte[Length];
        random.GetBytes(octets);
        return string.Concat(octets.Select(o => Symbols[o & 31]));
    }

    /// <summary>As it is written on the letter: the halves with a hyphen.</summary>
    public static string Join(string one, string two) => $"{one}-{two}";

    /// <summary>The halves of what was typed; two empty ones when it is no code at all.</summary>
    public static (string One, string Two) Split(string typed) =>
        typed.Trim().ToUpperInvariant().Split('-') is [{ Length: Length } one, { Length: Length } two]
            ? (one, two)
            : ("", "");
}
