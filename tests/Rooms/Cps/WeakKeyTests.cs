using System.Numerics;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>Sound keys pass; each known way to be weak is refused and named. (CPS 6-1-2-3, 6-3-2)</summary>
public sealed class WeakKeyTests
{
    public static TheoryData<string> Sound => ["rsa2048", "rsa3072", "rsa4096", "p256", "p384"];

    [Theory, MemberData(nameof(Sound)), Cps("6-1-2-3")]
    public void A_sound_key_passes(string kind)
    {
        using AsymmetricAlgorithm key = kind[0] == 'r'
            ? RSA.Create(int.Parse(kind[3..], System.Globalization.CultureInfo.InvariantCulture))
            : ECDsa.Create(kind == "p256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);

        Assert.Null(Objection(PublicKey.Read(key.ExportSubjectPublicKeyInfo())));
    }

    [Fact, Cps("6-3-2")]
    public void RSA_of_1024_bits_needs_the_literal_policy()
    {
        using var rsa = RSA.Create(1024);
        var key = PublicKey.From(rsa);

        Assert.Equal("6-3-2", Objection(key)?.Clause.Number);
        Assert.Null(WeakKeys.Objection(key, CryptoPolicy.Literal, WeakKeyList.Empty));
    }

    [Fact, Cps("6-1-2-3")]
    public void A_key_of_another_kind_is_named()
    {
        using var p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var large = RSA.Create(5120);

        Assert.Contains("521", Objection(PublicKey.From(p521))?.Reason);
        Assert.Contains("5120", Objection(PublicKey.From(large))?.Reason);
    }

    [Fact, Cps("6-1-2-3")]
    public void A_point_off_its_curve_is_refused()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = p256.ExportSubjectPublicKeyInfo();
        der[^1] ^= 1;

        Assert.Contains("curve", Objection(PublicKey.Read(der))?.Reason);
    }

    [Fact, Cps("6-3-2")]
    public void Each_flaw_of_a_modulus_is_found()
    {
        var p = Prime(1024);

        Assert.Contains("exponent", Objection(Specimens.RsaKey(p * Prime(1024), 3))?.Reason);
        Assert.Contains("small factor", Objection(Specimens.RsaKey(p * Prime(1024) * 7, 65537))?.Reason);
        Assert.Contains("close together", Objection(Specimens.RsaKey(p * NextPrime(p + (BigInteger.One << 500)),
            65537))?.Reason);
        Assert.Contains("close together", Objection(Specimens.RsaKey(p * p, 65537))?.Reason);
    }

    /// <summary>Primes as RSALib made them: k times the product of small primes plus a power of 65537.</summary>
    [Fact, Cps("6-3-2")]
    public void The_mark_of_a_faulty_generator_is_found()
    {
        var faulty = RocaPrime(1) * RocaPrime(2);

        Assert.Contains("CVE-2017-15361", Objection(Specimens.RsaKey(faulty, 65537))?.Reason);
    }

    [Fact, Cps("6-3-2")]
    public void A_key_on_the_sites_list_is_refused_and_openssl_says_how_it_gets_there()
    {
        using var rsa = RSA.Create(2048);
        using ScratchFolder scratch = new();
        var file = scratch.WritePem("key.pem", "PUBLIC KEY", rsa.ExportSubjectPublicKeyInfo());
        var modulus = Tool.Run("openssl", "rsa", "-pubin", "-in", file, "-noout", "-modulus").Succeeded().Output;
        var digest = Tool.Run("openssl", modulus, "dgst", "-sha1", "-r").Succeeded().Text[..40];

        var list = WeakKeyList.Read(["# Debian's openssl-blacklist", "", digest[20..]]);

        Assert.Equal(1, list.Count);
        Assert.Contains("known weak", WeakKeys.Objection(PublicKey.From(rsa), CryptoPolicy.Current, list)?.Reason);
        Assert.Throws<FormatException>(() => WeakKeyList.Read(["not a digest"]));
    }

    [Fact, Cps("6-3-2")]
    public void Moduli_that_share_a_prime_are_found_among_sound_ones()
    {
        BigInteger[] primes = [.. Enumerable.Range(0, 13).Select(_ => Prime(512))];
        BigInteger[] moduli =
            [primes[0] * primes[1], primes[2] * primes[3], primes[4] * primes[0], primes[5] * primes[6],
                primes[7] * primes[8]];

        var common = CommonFactors.Find(moduli);
        RecentModuli recent = new();

        Assert.Equal([primes[0], 1, primes[0], 1, 1], common);
        Assert.False(recent.SharesPrime("11201T001", moduli[0]));
        Assert.False(recent.SharesPrime("11201T001", moduli[0]));
        Assert.False(recent.SharesPrime("11203T001", moduli[2]));
        Assert.True(recent.SharesPrime("11201T001", moduli[2]));
    }

    [Fact]
    public void The_square_root_is_the_integer_below_it()
    {
        var number = BigInteger.Pow(3, 1301);
        var root = CloseFactors.SquareRoot(number);

        Assert.True(root * root <= number && (root + 1) * (root + 1) > number);
        Assert.Equal([0, 1, 1, 1, 2, 3], Roots(0, 1, 2, 3, 4, 15));
        Assert.Equal(number, CloseFactors.SquareRoot(number * number));
        Assert.Equal(number - 1, CloseFactors.SquareRoot(number * number - 1));
    }

    private static IEnumerable<int> Roots(params int[] numbers) => numbers.Select(n => (int)CloseFactors.SquareRoot(n));

    private static Refusal? Objection(PublicKey key) => WeakKeys.Objection(key, CryptoPolicy.Current,
        WeakKeyList.Empty);

    /// <summary>Out of a pair that OpenSSL made.</summary>
    private static BigInteger Prime(int bits)
    {
        using var rsa = RSA.Create(bits * 2);
        return new(rsa.ExportParameters(true).P!, isUnsigned: true, isBigEndian: true);
    }

    private static BigInteger NextPrime(BigInteger number)
    {
        for (var candidate = number | 1; ; candidate += 2)
        {
            if (BigInteger.ModPow(2, candidate - 1, candidate).IsOne)
                return candidate;
        }
    }

    private static BigInteger RocaPrime(int seed)
    {
        var product = Enumerable.Range(2, 700).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0))
            .Aggregate(BigInteger.One, (all, prime) => all * prime);
        var power = BigInteger.ModPow(65537, 1000 + seed, product);
        for (var k = (BigInteger.One << 1024) / product + seed; ; k++)
        {
            var candidate = k * product + power;
            if (BigInteger.ModPow(2, candidate - 1, candidate).IsOne)
                return candidate;
        }
    }
}
