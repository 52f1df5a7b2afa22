using System.Collections.Concurrent;
using System.Numerics;

namespace Jpki.Cps.Keys;

/// <summary>
/// The modulus certified last from each place. A device with too little randomness shares a prime between one key and
/// the next; <see cref="CommonFactors"/> is for all keys of all devices, at leisure.
/// </summary>
public sealed class RecentModuli
{
    private readonly ConcurrentDictionary<string, BigInteger> last = [];

    /// <summary>
    /// Does it share a prime with the last one from there, without being the same? Remembers it when not.
    /// </summary>
    public bool SharesPrime(string place, BigInteger modulus)
    {
        if (last.TryGetValue(place, out var before) && before != modulus
            && !BigInteger.GreatestCommonDivisor(before, modulus).IsOne)
        {
            return true;
        }
        last[place] = modulus;
        return false;
    }
}
