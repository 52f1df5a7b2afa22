using System.Collections.Immutable;
using Jpki.Cps.Keys;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>The public key. (RFC 5280 4.1.2.7, RFC 8017, RFC 5480)</summary>
internal static class KeyRules
{
    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Warning<CertificateView>("key_algorithm_is_known", "RFC 5280 4.1.2.7", c =>
            When(c.Certificate.PublicKey.Bits == 0, $"a key of {c.Certificate.PublicKey.AlgorithmOid}")),

        Warning<CertificateView>("rsa_key_has_2048_bits", "CPS 6-3-2", c =>
            When(
                c.Certificate.PublicKey is { IsRsa: true, Bits: < 2048 },
                $"RSA of {c.Certificate.PublicKey.Bits} bits is weak")) with { Since = new(2014, 1, 1) },

        Error<CertificateView>("rsa_exponent_is_odd_and_large", "RFC 8017 3.1", c =>
            When(
                RsaNumbers.Of(c.Certificate.PublicKey) is { } key && (key.Exponent.IsEven || key.Exponent < 3),
                "the public exponent is even or one")),

        Error<CertificateView>("key_has_no_known_flaw", "CPS 6-3-2", c =>
            WeakKeys.Objection(c.Certificate.PublicKey, CryptoPolicy.Literal, WeakKeyList.Empty) is { } weak
                && c.Certificate.PublicKey.Bits > 0 ? weak.Reason : null) with { IsCostly = true },
    ];
}
