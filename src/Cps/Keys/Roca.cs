using System.Numerics;

namespace Jpki.Cps.Keys;

/// <summary>
/// The mark that Infineon's RSALib left on its keys (CVE-2017-15361): their primes are powers of 65537 modulo a product
/// of small primes, so the modulus is one modulo each of them. A sound key looks so once in 2^27 (512 bits of modulus
/// and more). Nemec et al., "The Return of Coppersmith's Attack", 2017.
/// </summary>
internal static class Roca
{
    private const int Generator = 65537;

    private static readonly int[] Primes =
    [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
        113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];

    private static readonly BigInteger Product = Primes.Aggregate(BigInteger.One, (product, p) => product * p);

    /// <summary>For each prime, which remainders are powers of 65537.</summary>
    private static readonly bool[][] Powers = [.. Primes.Select(PowersModulo)];

    public static bool HasFingerprint(BigInteger modulus) =>
        Remainders(modulus).Index().All(r => Powers[r.Index][r.Item]);

    /// <summary>Is it divisible by one of the small primes?</summary>
    public static bool HasSmallFactor(BigInteger modulus) => Remainders(modulus).Contains(0);

    /// <summary>Modulo each prime, by way of their product: one long division and many short ones.</summary>
    private static IEnumerable<int> Remainders(BigInteger modulus)
    {
        var remainder = modulus % Product;
        return Primes.Select(prime => (int)(remainder % prime));
    }

    private static bool[] PowersModulo(int prime)
    {
        var powers = new bool[prime];
        for (var power = 1; !powers[power]; power = power * (Generator % prime) % prime)
            powers[power] = true;
        return powers;
    }
}
