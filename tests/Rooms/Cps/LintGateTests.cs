using System.Numerics;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>Nothing is signed that has an error, and a proof is good for one hash only.</summary>
public sealed class LintGateTests
{
    [Fact, Cps("7-1-1")]
    public void A_good_certificate_gets_a_proof_and_a_signature_over_its_very_octets()
    {
        using var rsa = RSA.Create(2048);
        IssuingKey key = new(SigningKey.FromPkcs8("governor", rsa.ExportPkcs8PrivateKey()));
        var content = Specimens.Content(CertificateKind.Resident);

        var linted = LintGate.Certificate(content, CertificateKind.Resident).Value!;

        Assert.Equal(SHA256.HashData(content.ToBeSigned()), linted.Proof.Hash.ToArray());
        Assert.True(linted.Sign(key.Sign).IsSignedBy(key.PublicKey));
    }

    [Fact, Cps("7-1-1")]
    public void A_certificate_with_an_error_gets_none_and_the_refusal_names_the_rule()
    {
        var bad = Specimens.Content(CertificateKind.Resident) with { NotAfter = Specimens.Start.AddYears(4) };

        var refusal = LintGate.Certificate(bad, CertificateKind.Resident).Refusal!;

        Assert.Equal("7-1-1", refusal.Clause.Number);
        Assert.Contains("cps_lifetime", refusal.Reason);
    }

    [Fact]
    public void A_warning_does_not_stop_a_signature()
    {
        var weak = Specimens.Content(CertificateKind.Resident) with
        {
            PublicKey = Specimens.RsaKey((BigInteger.One << 1023) + 1, 65537),
        };

        Assert.Null(LintGate.Certificate(weak with
        {
            Extensions = weak.Extensions.With(Extensions.SubjectKeyIdentifier(weak.PublicKey.KeyIdentifier)),
        }, CertificateKind.Resident).Refusal);
    }

    [Fact, Cps("7-2-1"), Cps("7-2-2"), Cps("7-2-3"), Cps("7-2-4")]
    public void A_CRL_or_ARL_is_signed_only_with_lawful_entries()
    {
        using var key = new Governor();
        var content = CrlContents.Of(Specimens.Issuer, CrlKind.Arl, 7, Specimens.Start, Specimens.Names.Authority);

        var good = LintGate.Crl(content, CrlKind.Arl, [ListFixtures.Entry], key.Issuing.Sign);
        var held = LintGate.Crl(content, CrlKind.Arl, [ListFixtures.Entry with { ReasonCode = 6 }], key.Issuing.Sign);

        Assert.True(good.Value!.IsSignedBy(key.Issuing.PublicKey));
        Assert.Equal("7-2-2", held.Refusal!.Clause.Number);
        Assert.Contains("cps_entry_reason", held.Refusal.Reason);
    }

    [Fact, Cps("4-4-4-2")]
    public void An_OCSP_answer_without_a_lawful_reason_is_not_signed()
    {
        using var key = new Governor();
        var content = Specimens.Ocsp();
        var signers = OcspSigners.Of(content.Certificates);
        var revoked = content.Responses[0] with { Status = CertStatus.Revoked, RevokedAt = Specimens.Start };

        var good = LintGate.Ocsp(content, signers).Value!.Sign(key.Issuing.Sign);
        var refusal = LintGate.Ocsp(content with { Responses = [revoked] }, signers).Refusal!;

        Assert.True(OcspResponse.Read(good).Basic!.IsSignedBy(key.Issuing.PublicKey));
        Assert.Contains("cps_ocsp_reason", refusal.Reason);
    }

    [Theory]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void The_throw_away_key_makes_real_signatures(string hash)
    {
        HashAlgorithmName name = new(hash);
        var algorithm = new[]
        {
            SignatureAlgorithm.Sha1WithRsa, SignatureAlgorithm.Sha256WithRsa, SignatureAlgorithm.Sha384WithRsa,
            SignatureAlgorithm.Sha512WithRsa,
        }.Single(a => a.Hash == name);
        var digest = CryptographicOperations.HashData(name, [1, 2, 3]);
        var key = ThrowAwayKey.Current;

        var signature = key.Sign(algorithm, digest);
        var opened = BigInteger.ModPow(
            new(signature, isUnsigned: true, isBigEndian: true), key.PublicExponent, key.Modulus);

        Assert.Equal(digest, opened.ToByteArray(isUnsigned: true, isBigEndian: true)[^digest.Length..]);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 5000)]
    [InlineData(false, 0)]
    [InlineData(false, 5000)]
    [Cps("4-4-9")]
    public void A_CRL_in_pieces_is_octet_for_octet_the_CRL_in_one(bool isRsa, int count)
    {
        using var key = new Governor(isRsa);
        var content = CrlContents.Of(Issuer(key), CrlKind.Crl, 7, Specimens.Start.AddYears(30),
            Specimens.Names.DistributionPointOf(Specimens.Kawagoe));
        RevokedEntry[] entries = [.. Enumerable.Range(1, count).Select(Entry)];
        using MemoryStream output = new();

        var refusal = LintGate.Write(
            content, CrlKind.Crl, [.. entries.Chunk(999).Select(c => (ReadOnlyMemory<RevokedEntry>)c)], output,
            key.Issuing.SignatureLength, key.Issuing.Sign);
        var crl = Crl.Read(output.ToArray());

        Assert.Null(refusal);
        Assert.True(crl.IsSignedBy(key.Issuing.PublicKey));
        Assert.Equal(content.Sign(entries, _ => [1]).ToBeSigned.ToArray(), crl.ToBeSigned.ToArray());
        Tool.Run("openssl", output.ToArray(), "crl", "-inform", "DER", "-noout").Succeeded();
    }

    [Fact, Cps("4-4-5")]
    public void A_CRL_in_pieces_with_a_suspension_in_it_is_never_signed()
    {
        using var key = new Governor();
        var content = CrlContents.Of(Specimens.Issuer, CrlKind.Crl, 7, Specimens.Start,
            Specimens.Names.DistributionPointOf(Specimens.Kawagoe));
        RevokedEntry[] entries = [ListFixtures.Entry, ListFixtures.Entry with { ReasonCode = 6 }];

        var refusal = LintGate.Write(content, CrlKind.Crl, [entries], Stream.Null, 256,
            _ => throw new InvalidOperationException("signed"));

        Assert.Contains("cps_entry_reason", refusal!.Reason);
    }

    private static IssuingAuthority Issuer(Governor key)
    {
        var algorithm = key.Issuing.PublicKey.IsRsa ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;
        var frame = Specimens.Frame(CertificateKind.SelfSigned, key.Issuing.PublicKey);
        var content = CertificateContents.SelfSigned(Specimens.Names, Specimens.Choices, frame, algorithm);
        return new(Specimens.Names, Specimens.Choices,
            LintGate.Certificate(content, CertificateKind.SelfSigned).Value!.Sign(key.Issuing.Sign));
    }

    /// <summary>Serials of many lengths, times on both sides of 2050, and every lawful reason.</summary>
    private static RevokedEntry Entry(int n) => new(
        SerialNumber.FromUnsigned(BigInteger.Pow(n, 1 + n % 11).ToByteArray(isUnsigned: true, isBigEndian: true)),
        Specimens.Start.AddDays(2 * n), 1 + n % 5);

    private sealed class Governor : IDisposable
    {
        private readonly AsymmetricAlgorithm key;

        public Governor(bool isRsa = true)
        {
            key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Issuing = new(SigningKey.FromPkcs8("governor", key.ExportPkcs8PrivateKey()));
        }

        public IssuingKey Issuing { get; }

        public void Dispose() => key.Dispose();
    }
}
