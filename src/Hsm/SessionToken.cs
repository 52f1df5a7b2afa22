using System.Security.Cryptography;
using System.Text;

namespace Jpki.Hsm;

/// <summary>What somebody who has logged in shows from then on; a store keeps only its hash.</summary>
public static class SessionToken
{
    private const int Octets = 32;

    /// <summary>64 hexadecimal digits.</summary>
    public static string New(RandomNumberGenerator random)
    {
        var octets = new byte[Octets];
        random.GetBytes(octets);
        return Convert.ToHexStringLower(octets);
    }

    public static string HashOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
