using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

public sealed class OcspResponseTests
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly CertId CertId = CertId.Of(
        HashAlgorithmName.SHA1, Name.Parse("O=JPKI-TEST,C=JP"), PublicKey.From(Key), SerialNumber.Parse("7F01"));

    [Fact]
    public void Reads_what_BoringSSL_reads()
    {
        var folder = Conformance.FolderOrSkip("ocsp-crl");
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        var cases = json.RootElement.GetProperty("boringssl_ocsp").EnumerateArray().ToArray();

        Assert.Equal(36, cases.Length);
        foreach (var one in cases)
        {
            var file = one.GetProperty("file").GetString()!;
            var text = File.ReadAllText(Path.Combine(folder, file));
            var pem = text[text.IndexOf("-----BEGIN OCSP RESPONSE", StringComparison.Ordinal)..];
            var response = TryRead(Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]));
            var isRead = !IsUnreadable(one.GetProperty("response_status").GetString()!);
            Assert.True(isRead == (response is not null), file);
        }
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var (good, revoked, unknown) = (Single(CertStatus.Good), Revoked(4), Single(CertStatus.Unknown));

        var basic = OcspResponse.Read(Content(good, revoked, unknown).Sign(Sign)).Basic!;

        Assert.Equal([good, revoked, unknown], basic.Responses);
        Assert.Equal(PublicKey.From(Key).KeyIdentifier, basic.ResponderKeyHash!.Value.ToArray());
        Assert.Equal(Noon, basic.ProducedAt);
        Assert.Equal(new byte[16], basic.Nonce!.Value.ToArray());
        Assert.True(basic.IsSignedBy(PublicKey.From(Key)));
    }

    [Fact]
    public void Any_flipped_bit_breaks_the_response_or_its_signature()
    {
        var sound = Content(Revoked(1)).Sign(Sign);
        var publicKey = PublicKey.From(Key);
        for (var bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] broken = [.. sound];
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TryRead(broken)?.Basic is { } basic && basic.IsSignedBy(publicKey), $"bit {bit}");
        }
    }

    [Theory]
    [InlineData(OcspResponseStatus.MalformedRequest, "30030A0101")]
    [InlineData(OcspResponseStatus.InternalError, "30030A0102")]
    [InlineData(OcspResponseStatus.TryLater, "30030A0103")]
    [InlineData(OcspResponseStatus.SigRequired, "30030A0105")]
    [InlineData(OcspResponseStatus.Unauthorized, "30030A0106")]
    public void An_error_says_why_and_no_more(OcspResponseStatus status, string hex)
    {
        Assert.Equal(hex, Convert.ToHexString(OcspResponse.Error(status)));
        Assert.Equal(status, OcspResponse.Read(Convert.FromHexString(hex)).Status);
    }

    [Theory]
    [InlineData("status 4 is not used", "30030A0104")]
    [InlineData("success needs an answer", "30030A0100")]
    [InlineData("nothing may follow", "30030A010100")]
    public void A_bad_response_is_refused(string why, string hex) =>
        Assert.True(TryRead(Convert.FromHexString(hex)) is null, why);

    [Fact]
    public void Seeds_of_other_peoples_fuzzers_are_read_or_refused_and_nothing_worse() =>
        Assert.All(Conformance.FuzzSeeds(), seed => TryRead(seed.Content));

    private static bool IsUnreadable(string verdict) =>
        verdict is "PARSE_RESPONSE_ERROR" or "PARSE_RESPONSE_DATA_ERROR" or "UNHANDLED_CRITICAL_EXTENSION";

    private static byte[] Sign(ReadOnlySpan<byte> hash) => Key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);

    private static SingleResponse Single(CertStatus status) =>
        new() { CertId = CertId, Status = status, ThisUpdate = Noon, NextUpdate = Noon.AddMinutes(1) };

    private static SingleResponse Revoked(int reason) =>
        Single(CertStatus.Revoked) with { RevokedAt = Noon.AddDays(-1), Reason = reason };

    private static BasicOcspContent Content(params SingleResponse[] responses) => new()
    {
        Algorithm = SignatureAlgorithm.EcdsaSha256,
        Responder = PublicKey.From(Key),
        ProducedAt = Noon,
        Responses = responses,
        Nonce = new byte[16],
    };

    private static OcspResponse? TryRead(byte[] der)
    {
        try
        {
            return OcspResponse.Read(der);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
