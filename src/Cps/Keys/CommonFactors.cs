using System.Numerics;

namespace Jpki.Cps.Keys;

/// <summary>
/// Moduli that share a prime with another, found for all of them at once with trees of products and remainders
/// (Bernstein; Heninger et al., "Mining Your Ps and Qs", 2012). Two devices with too little randomness make such keys.
/// </summary>
public static class CommonFactors
{
    /// <summary>
    /// For each modulus, its greatest common divisor with the product of all the others: 1 for a sound key. A modulus
    /// that is there twice gets itself.
    /// </summary>
    public static BigInteger[] Find(IReadOnlyList<BigInteger> moduli)
    {
        if (moduli.Count < 2)
            return [.. moduli.Select(_ => BigInteger.One)];
        List<BigInteger[]> products = [[.. moduli]];
        while (products[^1].Length > 1)
            products.Add([.. products[^1].Chunk(2).Select(pair => pair.Length == 2 ? pair[0] * pair[1] : pair[0])]);

        // Downwards: the product of all, modulo the square of each part.
        BigInteger[] remainders = products[^1];
        for (var level = products.Count - 2; level >= 0; level--)
        {
            var above = remainders;
            remainders = [.. products[level].Select((part, i) => above[i / 2] % (part * part))];
        }
        return [.. moduli.Select((n, i) => BigInteger.GreatestCommonDivisor(n, remainders[i] / n))];
    }
}
