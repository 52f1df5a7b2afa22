using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

public sealed class CrlTests : IDisposable
{
    private static readonly Gen<RevokedEntry> Revocations = Gen.Select(
        Gen.Byte.Array[1, 19].Where(b => b.Any(o => o != 0)),
        Gen.Int[0, 2_000_000_000],
        Gen.Int[0, 5],
        (serial, seconds, reason) => new RevokedEntry(SerialNumber.FromUnsigned(serial),
            TestPki.Start.AddSeconds(seconds), reason == 0 ? null : reason));

    /// <summary>Invalid for who validates with them: nothing is wrong with their octets.</summary>
    private static readonly string[] OnlyMisused =
    [
        "invalid_issuer_keyusage_no_crlsign",
        "invalid_key_rollover_issuer_keyusage_no_crlsign",
        "invalid_idp_onlycontainsusercerts_v1_leaf",
    ];

    private readonly TestPki ca = new(TestKey.P256());

    public void Dispose() => ca.Dispose();

    [Fact]
    public void Entries_come_back_as_they_were_written() => Revocations.Array[0, 40].Sample(entries =>
    {
        var crl = ca.Crl(entries);

        Assert.Equal(entries, crl.Entries());
        Assert.True(crl.IsSignedBy(ca.Key.PublicKey));
        Assert.All(entries, e => Assert.Equal(e.Serial, crl.Find(e.Serial)!.Value.Serial));
    }, iter: 200);

    [Fact]
    [Cps("7-2-1")]
    public void Header_and_extensions_come_back_as_they_were_written()
    {
        var crl = ca.Crl();

        var scope = Extensions.ReadIssuingDistributionPoint(crl.Find(Oids.IssuingDistributionPoint)!);
        Assert.Equal((2, TestPki.CaName), (crl.Version, crl.Issuer));
        Assert.Equal((TestPki.Start, TestPki.Start.AddHours(72)), (crl.ThisUpdate, crl.NextUpdate));
        Assert.True(scope.OnlyContainsUserCerts);
        Assert.False(scope.OnlyContainsCaCerts || scope.IndirectCrl);
        Assert.Equal(TestPki.CrldpName, scope.Name!.FullName[0].DirectoryName);
        Assert.Equal(1, Extensions.ReadCrlNumber(crl.Find(Oids.CrlNumber)!));
    }

    [Fact]
    public void The_scope_of_an_ARL_is_written_octet_for_octet() => Assert.Equal("30038201FF",
        Convert.ToHexString(Extensions.IssuingDistributionPoint(new(null) { OnlyContainsCaCerts = true }).Value.Span));

    [Fact]
    public void An_empty_list_is_left_out() // RFC 5280 5.1.2.6
    {
        var reader = new AsnReader(ca.Crl().ToBeSigned, AsnEncodingRules.DER).ReadSequence();
        for (var field = 0; field < 5; field++)
            reader.ReadEncodedValue();

        Assert.Equal(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true), reader.PeekTag());
    }

    [Theory]
    [InlineData("unspecified is said by silence", 0)]
    [InlineData("there is no 7", 7)]
    [InlineData("there is no 11", 11)]
    public void A_reason_that_no_entry_gives_is_not_written(string _, int reason) =>
        Assert.Throws<InvalidOperationException>(() =>
            ca.Crl(new RevokedEntry(SerialNumber.Parse("01"), TestPki.Start, reason)));

    [Fact]
    public void Entries_that_change_while_they_are_written_are_refused()
    {
        var count = 0;
        var restless = Enumerable.Range(0, 1).SelectMany(_ => Enumerable.Range(1, ++count))
            .Select(i => new RevokedEntry(SerialNumber.FromUnsigned([(byte)i]), TestPki.Start, null));

        Assert.ThrowsAny<Exception>(() => ca.Crl(restless));
    }

    [Fact]
    [Cps("4-4-9")]
    public void A_million_entries_are_written_and_read_in_linear_time()
    {
        var entries = Enumerable.Range(1, 1_000_000).Select(i => new RevokedEntry(
            SerialNumber.FromUnsigned([.. BitConverter.GetBytes(i).Reverse()]),
            TestPki.Start.AddSeconds(i), 1 + i % 5));
        var clock = Stopwatch.StartNew();

        var crl = ca.Crl(entries);

        Assert.Equal(1_000_000, crl.Entries().Count());
        Assert.Equal(1 + 1_000_000 % 5, crl.Find(SerialNumber.Parse("0F4240"))!.Value.ReasonCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }

    [Fact]
    public void BoringSSL_CRLs_are_read_when_well_formed_and_refused_when_not()
    {
        var folder = Conformance.FolderOrSkip("ocsp-crl");
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));

        foreach (var file in cases.RootElement.GetProperty("boringssl_crl").EnumerateArray()
            .Select(c => c.GetProperty("file").GetString()!))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var isMalformed = name.StartsWith("invalid_", StringComparison.Ordinal) && !OnlyMisused.Contains(name);

            var thrown = Record.Exception(() => ReadAll(Path.Combine(folder, file)));

            Assert.True(isMalformed ? thrown is AsnContentException : thrown is null, $"{name}: {thrown}");
        }
    }

    private static void ReadAll(string file)
    {
        var text = File.ReadAllText(file).AsSpan();
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is "CRL")
            {
                var crl = Crl.Read(Convert.FromBase64String(text[fields.Base64Data].ToString()));
                AllExtensions.ReadEach(crl.Extensions);
                _ = crl.Entries().Count(e => e.ReasonCode is not null);
            }

            text = text[fields.Location.End..];
        }
    }
}
