using System.Security.Cryptography;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// Shamir's sharing of a secret, octet by octet, over GF(2^8) with the polynomial x^8+x^4+x^3+x^2+1, as Debian's
/// libgfshare does it, so that <c>gfcombine</c> can judge us. No table is looked up by a secret. (Shamir 1979)
/// </summary>
internal static class Shamir
{
    public const int MostShares = 255;

    private const int Polynomial = 0x11D;

    /// <summary>Share i of the result is the polynomials' values at x = i + 1.</summary>
    public static byte[][] Split(ReadOnlySpan<byte> secret, int threshold, int count, RandomNumberGenerator random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostShares);
        var coefficients = new byte[threshold];
        var shares = new byte[count][];
        for (var i = 0; i < count; i++)
            shares[i] = new byte[secret.Length];
        for (var octet = 0; octet < secret.Length; octet++)
        {
            random.GetBytes(coefficients);
            coefficients[0] = secret[octet];
            for (var i = 0; i < count; i++)
                shares[i][octet] = ValueAt(coefficients, i + 1);
        }
        CryptographicOperations.ZeroMemory(coefficients);
        return shares;
    }

    /// <summary>
    /// The polynomials' values at x = 0, from points with different x other than 0. Whether these are the points of one
    /// secret it cannot know.
    /// </summary>
    public static byte[] Join(IReadOnlyList<(byte X, byte[] Values)> points)
    {
        var secret = new byte[points[0].Values.Length];
        foreach (var (x, values) in points)
        {
            // Lagrange's basis at 0; subtraction is addition is exclusive or.
            byte weight = 1;
            foreach (var (other, _) in points)
            {
                if (other != x)
                    weight = Multiply(weight, Multiply(other, Inverse((byte)(other ^ x))));
            }
            for (var octet = 0; octet < secret.Length; octet++)
                secret[octet] ^= Multiply(weight, values[octet]);
        }
        return secret;
    }

    /// <summary>Without branches or look-ups, so that its time says nothing about the factors.</summary>
    internal static byte Multiply(byte a, byte b)
    {
        var product = 0;
        for (var bit = 7; bit >= 0; bit--)
        {
            product = (product << 1) ^ (-(product >> 7) & Polynomial);
            product ^= -((b >> bit) & 1) & a;
        }
        return (byte)product;
    }

    /// <summary>a^254: the field has 255 elements that are not 0.</summary>
    internal static byte Inverse(byte a)
    {
        byte power = 1;
        for (var bit = 7; bit >= 0; bit--)
        {
            power = Multiply(power, power);
            if (bit > 0)
                power = Multiply(power, a);
        }
        return power;
    }

    private static byte ValueAt(byte[] coefficients, int x)
    {
        byte value = 0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            value = (byte)(Multiply(value, (byte)x) ^ coefficients[i]);
        return value;
    }
}
