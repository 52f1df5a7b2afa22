using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Jpki.Hsm;

/// <summary>
/// Passwords as they may be stored: Argon2id (RFC 9106) with its parameters and salt in one string,
/// <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>, as other implementations of Argon2 write it.
/// </summary>
public static class PasswordHash
{
    // OWASP's first choice: 19 MiB, two passes, one lane.
    private const int MemoryKiB = 19 * 1024;
    private const int Passes = 2;

    private const int SaltSize = 16;
    private const int HashSize = 32;
    private const int LongestPassword = 1024;

    // A stored string must not be able to make us work without bound.
    private const int MostMemoryKiB = 64 * 1024;
    private const int MostPasses = 8;

    public static string Create(string password, RandomNumberGenerator random)
    {
        var salt = new byte[SaltSize];
        random.GetBytes(salt);
        var hash = Derive(password, salt, MemoryKiB, Passes);
        return string.Create(CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={MemoryKiB},t={Passes},p=1${Encode(salt)}${Encode(hash)}");
    }

    /// <summary>
    /// Whether this is that password. A stored string that is none of ours is a <see cref="FormatException"/>.
    /// </summary>
    public static bool Verify(string password, string encoded)
    {
        if (encoded.Split('$') is not ["", "argon2id", "v=19", var cost, var salt, var hash])
            throw Malformed();
        var (memory, passes) = Cost(cost);
        var expected = Decode(hash, HashSize);
        var given = Derive(password, Decode(salt, SaltSize), memory, passes);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    /// <summary>A key of 32 octets from a passphrase, at the same cost.</summary>
    internal static byte[] Stretch(string passphrase, byte[] salt) => Derive(passphrase, salt, MemoryKiB, Passes);

    private static (int Memory, int Passes) Cost(string text)
    {
        if (text.Split(',') is not [['m', '=', .. var m], ['t', '=', .. var t], "p=1"])
            throw Malformed();
        var memory = int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? kib : 0;
        var passes = int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        return memory is >= 8 and <= MostMemoryKiB && passes is >= 1 and <= MostPasses
            ? (memory, passes)
            : throw new FormatException("a stored password hash asks for more or less work than this system does");
    }

    private static byte[] Derive(string password, byte[] salt, int memoryKiB, int passes)
    {
        if (password.Length > LongestPassword)
            throw new ArgumentException($"a password has at most {LongestPassword} characters", nameof(password));
        var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters
        {
            DegreeOfParallelism = 1,
            MemorySize = memoryKiB,
            NumberOfPasses = passes,
        });
        return argon2.DeriveBytes(Encoding.UTF8.GetBytes(password), salt, HashSize);
    }

    /// <summary>Base64 without its padding, as the string format has it.</summary>
    private static string Encode(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=');

    private static byte[] Decode(string text, int size)
    {
        var octets = Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        return octets.Length == size ? octets : throw Malformed();
    }

    private static FormatException Malformed() =>
        new("a stored password hash is not $argon2id$v=19$m=…,t=…,p=1$salt$hash");
}
