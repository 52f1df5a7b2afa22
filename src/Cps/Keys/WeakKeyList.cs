using System.Security.Cryptography;
using System.Text;
using Jpki.X509;

namespace Jpki.Cps.Keys;

/// <summary>
/// Keys that are known to the world, by digest: those that Debian's OpenSSL could make between 2006 and 2008
/// (CVE-2008-0166), and any that a site adds. The file has the form of Debian's openssl-blacklist: one line a key, the
/// last 20 of the 40 hex digits of the SHA-1 of <c>openssl rsa -modulus</c>'s line.
/// </summary>
public sealed class WeakKeyList
{
    private const int DigestDigits = 20;

    private readonly HashSet<string> digests;

    private WeakKeyList(IEnumerable<string> digests) => this.digests = [.. digests];

    public static WeakKeyList Empty { get; } = new([]);

    public int Count => digests.Count;

    /// <summary>Reads the lines of such a file; empty ones and those after <c>#</c> say nothing.</summary>
    /// <exception cref="FormatException">A line is not 20 or 40 hex digits.</exception>
    public static WeakKeyList Read(IEnumerable<string> lines) => new(
        from line in lines
        let text = line.Trim().ToLowerInvariant()
        where text.Length > 0 && text[0] != '#'
        select text.Length is DigestDigits or 2 * DigestDigits && text.All(char.IsAsciiHexDigit)
            ? text[^DigestDigits..]
            : throw new FormatException($"\"{line}\" is no line of a list of weak keys"));

    public bool Contains(PublicKey key) => digests.Count > 0 && RsaNumbers.Of(key) is { } numbers
        && digests.Contains(DigestOf(numbers));

    private static string DigestOf(RsaNumbers numbers)
    {
        var modulus = Convert.ToHexString(numbers.Modulus.ToByteArray(isUnsigned: true, isBigEndian: true));
        var line = Encoding.ASCII.GetBytes($"Modulus={modulus.TrimStart('0')}\n");
        var digest = CryptographicOperations.HashData(HashAlgorithmName.SHA1, line);
        return Convert.ToHexStringLower(digest)[^DigestDigits..];
    }
}
