using System.Numerics;

namespace Jpki.Cps.Keys;

/// <summary>
/// Fermat's method: a modulus whose two primes lie close together falls apart in a few steps (CVE-2022-26320). Honest
/// primes differ in their first hundred bits (FIPS 186-5 A.1.3), and are never found so.
/// </summary>
internal static class CloseFactors
{
    private const int Rounds = 100;

    /// <summary>A factor, when one shows within a hundred steps of the square root; else null.</summary>
    public static BigInteger? Find(BigInteger modulus)
    {
        if (modulus.IsEven)
            return 2;
        var root = SquareRoot(modulus);
        if (root * root == modulus)
            return root;
        var a = root + 1;
        var square = a * a - modulus;
        for (var round = 0; round < Rounds; round++)
        {
            // A square ends in 0, 1, 4 or 9 modulo 16: nothing else is worth a root.
            if ((int)(square & 15) is 0 or 1 or 4 or 9 && SquareRoot(square) is var b && b * b == square)
                return a - b;
            square += 2 * a + 1;
            a++;
        }
        return null;
    }

    /// <summary>The largest integer whose square is not above <paramref name="number"/>, by Newton's method.</summary>
    internal static BigInteger SquareRoot(BigInteger number)
    {
        if (number < 2)
            return number;
        var shift = Math.Max(0, (number.GetBitLength() - 104) / 2 * 2);
        // The first fifty bits from floating point; each step doubles them.
        var guess = ((BigInteger)Math.Sqrt((double)(number >> (int)shift)) + 1) << (int)(shift / 2);
        while (true)
        {
            var next = (guess + number / guess) >> 1;
            if (next >= guess)
                return guess;
            guess = next;
        }
    }
}
