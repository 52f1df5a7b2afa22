using System.Numerics;

namespace Jpki.Cps.Keys;

/// <summary>
/// The moduli certified last, as one product: a new one that shares a prime with any of them shows in one division. A
/// device that makes bad keys makes them one after another; <see cref="CommonFactors"/> is for all keys, at leisure.
/// </summary>
public sealed class RecentModuli
{
    private const int Kept = 16;

    private readonly Lock gate = new();
    private readonly Queue<BigInteger> moduli = new();
    private BigInteger product = BigInteger.One;

    /// <summary>Does it share a prime with a recent one, without being the same? Remembers it when not.</summary>
    public bool SharesPrimeWith(BigInteger modulus)
    {
        lock (gate)
        {
            if (moduli.Contains(modulus))
                return false;
            if (!BigInteger.GreatestCommonDivisor(product % modulus, modulus).IsOne)
                return true;
            Remember(modulus);
            return false;
        }
    }

    private void Remember(BigInteger modulus)
    {
        moduli.Enqueue(modulus);
        product *= modulus;
        if (moduli.Count > Kept)
            product /= moduli.Dequeue();
    }
}
