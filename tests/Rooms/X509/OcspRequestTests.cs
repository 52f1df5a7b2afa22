using System.Formats.Asn1;
using System.Security.Cryptography;
using CsCheck;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

public sealed class OcspRequestTests
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly Name Issuer = Name.Of(("C", "JP"), ("O", "JPKI-TEST"), ("OU", "Saitama Prefecture"));

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Byte.Array[1, 19].Array[1, OcspRequest.MaxRequests], Gen.Byte.Array[1, 128], Gen.Bool).Sample(
            (serials, nonce, isSha256) =>
            {
                CertId[] certIds = [.. serials.Select(s => Id(SerialNumber.FromUnsigned([1, .. s]), isSha256))];

                var request = OcspRequest.Read(OcspRequest.Create(certIds, nonce));

                return request.CertIds.SequenceEqual(certIds) && request.Nonce!.Value.Span.SequenceEqual(nonce)
                    && request.Algorithm is null && !request.IsSignedBy(PublicKey.From(Key));
            },
            iter: 50);

    [Fact]
    public void A_signed_request_shows_its_signer_and_no_other()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var request = OcspRequest.Read(OcspRequest.Create([Id(SerialNumber.Parse("01"))], null, Requestor()));

        Assert.True(request.IsSignedBy(PublicKey.From(Key)));
        Assert.False(request.IsSignedBy(PublicKey.From(other)));
        Assert.NotNull(request.RequestorName);
    }

    [Fact]
    public void Any_flipped_bit_breaks_the_request_or_its_signature()
    {
        var sound = OcspRequest.Create([Id(SerialNumber.Parse("4A0B"))], new byte[32], Requestor());
        var publicKey = PublicKey.From(Key);
        for (var bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] broken = [.. sound];
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TryRead(broken) is { } request && request.IsSignedBy(publicKey), $"bit {bit}");
        }
    }

    [Theory]
    [InlineData("none", -1, true)]
    [InlineData("empty", 0, false)]
    [InlineData("one octet", 1, true)]
    [InlineData("128 octets", 128, true)]
    [InlineData("129 octets", 129, false)]
    public void A_nonce_has_1_to_128_octets(string why, int octets, bool isRead) =>
        Assert.True(isRead == (TryRead(With(octets < 0 ? [] : [NonceOf(octets)])) is not null), why);

    [Theory]
    [InlineData("an unknown extension is ignored", "1.2.3.4", false, true)]
    [InlineData("unless it is critical", "1.2.3.4", true, false)]
    public void Unknown_extensions(string why, string oid, bool critical, bool isRead) =>
        Assert.True(isRead == (TryRead(With([new(oid, critical, new byte[] { 5, 0 })])) is not null), why);

    [Fact]
    public void One_nonce_is_enough() => Assert.Null(TryRead(With([NonceOf(8), NonceOf(8)])));

    [Fact]
    public void Whoever_cannot_read_basic_responses_is_not_answered() =>
        Assert.Null(TryRead(With([new("1.3.6.1.5.5.7.48.1.4", false, Convert.FromHexString("300406022A03"))])));

    [Fact]
    public void Nobody_needs_more_than_256_answers()
    {
        CertId[] many = [.. Enumerable.Range(1, 257).Select(n => Id(SerialNumber.Parse($"{n:X4}")))];

        Assert.Null(TryRead(OcspRequest.Create(many)));
        Assert.NotNull(TryRead(OcspRequest.Create(many[1..])));
    }

    [Fact]
    public void A_question_about_nothing_is_none() => Assert.Null(TryRead(OcspRequest.Create([])));

    [Fact]
    public void More_than_64_KiB_is_not_even_looked_at() => Assert.Null(TryRead(new byte[OcspRequest.MaxOctets + 1]));

    [Fact]
    public void Seeds_of_other_peoples_fuzzers_are_read_or_refused_and_nothing_worse() =>
        Assert.All(Conformance.FuzzSeeds(), seed => TryRead(seed.Content));

    private static CertId Id(SerialNumber serial, bool isSha256 = false) => CertId.Of(
        isSha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1, Issuer, PublicKey.From(Key), serial);

    private static OcspRequestor Requestor() => new(
        Issuer, SignatureAlgorithm.EcdsaSha256, hash => Key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence), []);

    private static Extension NonceOf(int octets) =>
        new(Oids.OcspNonce, false, Der.Write(w => w.WriteOctetString(new byte[octets])));

    /// <summary>A request with extensions that nobody sound would write.</summary>
    private static byte[] With(Extension[] extensions) => Der.Write(writer =>
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            using (writer.PushSequence())
                writer.WriteEncodedValue(Id(SerialNumber.Parse("01")).Der.Span);
            if (extensions.Length > 0)
            {
                using (writer.PushSequence(OcspDer.Tag2))
                    Extension.WriteList(writer, extensions);
            }
        }
    });

    private static OcspRequest? TryRead(byte[] der)
    {
        try
        {
            return OcspRequest.Read(der);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
