using System.Numerics;

namespace Jpki.Cps.Keys;

/// <summary>
/// Fermat's method: a modulus whose two primes lie close together falls apart in a few steps (CVE-2022-26320). Honest
/// primes differ in their first hundred bits (FIPS 186-5 A.1.3), and are never found so.
/// </summary>
internal static class CloseFactors
{
    private const int Rounds = 100;
    private const int Sieve = 64 * 9 * 5 * 7 * 11;

    private static readonly bool[] SquaresModuloSieve = Squares();

    /// <summary>A factor, when one shows within a hundred steps of the square root; else null.</summary>
    public static BigInteger? Find(BigInteger modulus)
    {
        if (modulus.IsEven)
            return 2;
        var root = SquareRoot(modulus);
        if (root * root == modulus)
            return root;
        // a² - n is tried for being a square; what it leaves modulo a small number nearly always says that it is not.
        var (a, n) = ((int)((root + 1) % Sieve), (int)(modulus % Sieve));
        for (var round = 1; round <= Rounds; round++, a = (a + 1) % Sieve)
        {
            if (!SquaresModuloSieve[(int)(((long)a * a + Sieve - n) % Sieve)])
                continue;
            var sum = root + round;
            var square = sum * sum - modulus;
            if (SquareRoot(square) is var difference && difference * difference == square)
                return sum - difference;
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

    private static bool[] Squares()
    {
        var squares = new bool[Sieve];
        for (long i = 0; i < Sieve; i++)
            squares[i * i % Sieve] = true;
        return squares;
    }
}
