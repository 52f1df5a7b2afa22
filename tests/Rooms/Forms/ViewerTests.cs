using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Jpki.Cps;
using Jpki.Forms.Viewing;
using Jpki.Tests.House;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Forms;

/// <summary>What the viewer says, read a second time by openssl and certtool; and that no octets upset it.</summary>
public sealed class ViewerTests
{
    private static readonly ViewOptions English = new() { Language = ReaderLanguage.English };

    public static TheoryData<string> Samples =>
    [
        "gpki_ApplicationCA2.der", "gpki_ApplicationCA_2007.der", "jpki_BridgeCA_2003.der", "mphpt_CA.der",
        "mynawallet_dummy_sign_cert.der", "signca01.cer", "signca02.cer", "signca03.cer",
    ];

    [Theory, MemberData(nameof(Samples))]
    public void A_sample_says_what_openssl_and_certtool_say(string file)
    {
        using ScratchFolder folder = new();
        var der = Shared.ReadBytes($"data/ca-samples/{file}");

        Compare(folder.Write("sample.der", der), Viewer.Of(der, English));
        Assert.DoesNotContain(Flat([Viewer.Of(der, English)]), line => line.Key is "malformed" or "unknown");
    }

    [Fact, Cps("7-1-1")]
    public void A_holders_certificate_says_what_openssl_and_certtool_say()
    {
        using ScratchFolder folder = new();
        var der = Holder(_ => { }).Der;

        var view = Viewer.Of(der, English);

        Compare(folder.Write("holder.der", der.Span), view);
        Assert.Equal("holder's signature certificate", view.Value);
        Assert.DoesNotContain(Flat([view]), line => line.Key is "malformed" or "hex");
    }

    [Fact, Cps("4-2-2"), Cps("3-1-8")]
    public void The_four_attributes_are_decoded_and_substitutes_are_marked()
    {
        StringWriter text = new();

        ViewText.Write(text, Viewer.Show(Holder(_ => { }).Der, new()));

        var said = text.ToString();
        Assert.Contains("【吉】見本　【高】子", said, StringComparison.Ordinal);
        Assert.Contains("1文字目「吉」、5文字目「高」", said, StringComparison.Ordinal);
        Assert.Contains("昭和55年（1980年）2月17日", said, StringComparison.Ordinal);
        Assert.Contains("性別:", said, StringComparison.Ordinal);
        Assert.Contains("さいたま市浦和区", said, StringComparison.Ordinal);
        Assert.Contains("令和8年（2026年）11月24日 10時00分00秒 JST", said, StringComparison.Ordinal);
        Assert.Contains("埼玉県の電子証明書・相互認証証明書（テスト用）", said, StringComparison.Ordinal);
    }

    [Theory, Cps("4-2-2")]
    [InlineData("419891301", "(not a date)")]
    [InlineData("400000000", "unknown, in Heisei")]
    [InlineData("000000000", "unknown")]
    [InlineData("219150000", "1915 (Taisho 4), month and day unknown")]
    [InlineData("x", "(not a date)")]
    public void A_strange_date_of_birth_is_said_to_be_strange(string code, string words)
    {
        var view = Viewer.Of(Holder(names => names[HolderNames.BirthDateOid] = code).Der, English);

        Assert.Contains(words, Find(view, "birthDate").Value, StringComparison.Ordinal);
    }

    [Fact, Cps("7-2-1"), Cps("4-4-4-2")]
    public void A_CRL_names_its_municipality_and_lists_no_more_than_asked()
    {
        using TestPki ca = new();
        var crl = ca.CrlContent() with
        {
            Extensions = [.. ca.CrlContent().Extensions, Extensions.NextPublish(TestPki.Start.AddDays(1))],
        };
        var der = crl.Sign(Enumerable.Range(1, 30).Select(i =>
            new RevokedEntry(SerialNumber.FromUnsigned([(byte)i]), TestPki.Start, 1 + i % 5)), ca.Key.SignHash).Der;

        var bounded = Viewer.Of(der, new());
        var whole = Viewer.Of(der, new() { MostEntries = int.MaxValue });

        Assert.Equal("利用者の証明書のみ", bounded.Value);
        Assert.Equal("川越市", Find(bounded, "municipality").Value);
        Assert.Equal("2014-04-02T00:00:00Z", Flat([bounded]).Last(line => line.Key == "nextPublish").Raw);
        Assert.Equal("30件", Find(bounded, "entries").Value);
        Assert.Equal(20, Flat([bounded]).Count(line => line.Key == "entry"));
        Assert.Equal("ほか10件", Find(bounded, "omitted").Value);
        Assert.Equal(30, Flat([whole]).Count(line => line.Key == "entry"));
        Assert.Equal("記載内容の変更 (affiliationChanged)",
            Flat([bounded]).Where(line => line.Key == "reason").ElementAt(1).Value);
        using ScratchFolder folder = new();
        var openssl = OpenSsl("crl", folder.Write("x.crl", der.Span), "-lastupdate", "-nextupdate");
        Assert.Equal(openssl["lastUpdate"], Find(bounded, "thisUpdate").Raw);
        Assert.Equal(openssl["nextUpdate"], Find(bounded, "nextUpdate").Raw);
    }

    [Fact, Cps("4-4-4-2")]
    public void OCSP_messages_and_requests_are_shown()
    {
        using TestPki ca = new();
        using var key = TestKey.P256();
        var leaf = ca.Sign(ca.Leaf(key.PublicKey));
        var id = CertId.Of(HashAlgorithmName.SHA256, TestPki.CaName, ca.Key.PublicKey, leaf.Serial);
        var answer = new BasicOcspContent
        {
            Algorithm = ca.Key.Algorithm,
            Responder = ca.Key.PublicKey,
            ProducedAt = TestPki.Start,
            Responses =
            [
                new()
                {
                    CertId = id,
                    Status = CertStatus.Revoked,
                    RevokedAt = TestPki.Start,
                    Reason = 1,
                    ThisUpdate = TestPki.Start,
                },
            ],
            Certificates = [leaf.Der],
        }.Sign(ca.Key.SignHash);
        using ScratchFolder folder = new();
        var pem = folder.WritePem("ca.pem", "CERTIFICATE", ca.Certificate.Der);
        Tool.Run("openssl", "ocsp", "-issuer", pem, "-cert",
            folder.WritePem("leaf.pem", "CERTIFICATE", leaf.Der), "-reqout", folder["q.der"]).Succeeded();
        var asked = CertificationRequest.Create(leaf.Subject, key.PublicKey, key.Algorithm, key.SignHash);

        var shown = Viewer.Of(answer, new());
        var question = Viewer.Of(File.ReadAllBytes(folder["q.der"]), new());
        var request = Viewer.Of(asked, new());

        Assert.Equal("失効 (revoked)", Find(shown, "status").Value);
        Assert.Equal("秘密鍵の危殆化 (keyCompromise)", Find(shown, "reason").Value);
        Assert.Equal("certificate", Find(shown, "certificate").Key);
        Assert.Equal(leaf.Serial.ToString(), Find(question, "question").Value);
        Assert.Equal("あり（自らの鍵で署名されている）", Find(request, "possession").Value);
        Assert.Equal("照会に署名が必要 (sigRequired)",
            Viewer.Of(OcspResponse.Error(OcspResponseStatus.SigRequired), new()).Value);
    }

    [Fact]
    public void PEM_several_objects_and_bare_base64_are_read()
    {
        using TestPki ca = new();
        var pem = PemEncoding.WriteString("CERTIFICATE", ca.Certificate.Der.Span);

        Assert.Equal(2, Viewer.Show(Encoding.ASCII.GetBytes($"text\n{pem}\n{pem}\n"), new()).Count);
        Assert.Equal("certificate", Assert.Single(Viewer.Show(
            Encoding.ASCII.GetBytes(Convert.ToBase64String(ca.Certificate.Der.Span)), new())).Key);
        Assert.Equal(21, Viewer.Show(
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(pem + "\n", 30))), new()).Count);
        Assert.Throws<FormatException>(() => Viewer.Show(Encoding.ASCII.GetBytes("hello, world"), new()));
        Assert.Throws<FormatException>(() => Viewer.Show(default, new()));
    }

    [Fact]
    public void Whatever_octets_come_something_bounded_is_said()
    {
        var whole = Holder(_ => { }).Der.ToArray();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[1, whole.Length]).Sample((at, octet, length) =>
        {
            var octets = whole[..length];
            octets[Math.Min(at, length - 1)] = octet;
            StringWriter text = new();
            ViewText.Write(text, [Viewer.Of(octets, English)]);
            return text.ToString().Length is > 0 and < 100_000;
        });
    }

    [Fact]
    public void Deep_and_long_structures_are_cut_short()
    {
        byte[] deep = [];
        for (var i = 0; i < 2000; i++)
        {
            AsnWriter writer = new(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                if (deep.Length > 0)
                    writer.WriteEncodedValue(deep);
            }
            deep = writer.Encode();
        }
        var wide = new byte[60_000];
        Array.Fill(wide, (byte)5);
        for (var i = 1; i < wide.Length; i += 2)
            wide[i] = 0;

        Assert.InRange(Flat([Viewer.Of(deep, English)]).Count(), 1, 50);
        Assert.InRange(Flat([Viewer.Of(wide, English)]).Count(), 1, 400);
    }

    [Fact]
    public void What_strangers_wrote_cannot_steer_a_terminal_or_a_page()
    {
        using TestPki ca = new();
        using var key = TestKey.P256();
        var evil = ca.Sign(ca.Leaf(key.PublicKey) with
        {
            Subject = Name.Of(("C", "JP"), ("O", "\u001b[31m\u202Eevil<script>alert(1)</script>")),
        });
        StringWriter text = new();

        var view = Viewer.Of(evil.Der, new());
        ViewText.Write(text, [view]);
        var html = ViewHtml.Of([view]);

        Assert.DoesNotContain('\u001b', text.ToString());
        Assert.DoesNotContain('\u202E', text.ToString());
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_end_is_shown_to_have_none()
    {
        using TestPki ca = new();
        using var key = TestKey.P256();
        DateTimeOffset never = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

        var view = Viewer.Of(ca.Sign(ca.Leaf(key.PublicKey) with { NotAfter = never }).Der, English);

        Assert.Equal(("no end", "9999-12-31T23:59:59Z"), (Find(view, "notAfter").Value, Find(view, "notAfter").Raw));
    }

    internal static ViewLine Find(ViewLine view, string key) => Flat([view]).First(line => line.Key == key);

    internal static IEnumerable<ViewLine> Flat(IEnumerable<ViewLine> lines) =>
        lines.SelectMany(line => Flat(line.Lines ?? []).Prepend(line));

    /// <summary>Somebody of Urawa with two substitutes; <paramref name="change"/> spoils one value.</summary>
    private static Certificate Holder(Action<Dictionary<string, string>> change)
    {
        Dictionary<string, string> values = new()
        {
            [HolderNames.CommonNameOid] = "吉見本　高子",
            [HolderNames.BirthDateOid] = "319800217",
            [HolderNames.GenderOid] = "2",
            [HolderNames.AddressOid] = "埼玉県さいたま市浦和区架空町１",
            [HolderNames.CommonNameSubstitutesOid] = "100010",
            [HolderNames.AddressSubstitutesOid] = "000000000000000",
        };
        change(values);
        using TestPki ca = new(startsAt: new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));
        using var key = TestKey.Rsa();
        var plain = ca.Leaf(key.PublicKey);
        return ca.Sign(plain with
        {
            Subject = Name.Parse("CN=202611241000000000111100T001,L=Saitama-shi-Urawa-ku,L=Saitama-ken,C=JP"),
            Extensions =
            [
                .. plain.Extensions,
                Extensions.SubjectAltName([.. values.Select(v => GeneralName.OtherName(v.Key, v.Value))]),
                Extensions.CertificatePolicies(critical: true, new PolicyInformation(
                    Jpki.Cps.PolicyOids.Test.Certificates, "http://www.jpki.go.jp/cps.html")),
                Extensions.IssuerAltName(GeneralName.Of(Name.Parse("OU=埼玉県知事,C=JP"))),
            ],
        });
    }

    private static void Compare(string path, ViewLine view)
    {
        var openssl = OpenSsl("x509", path, "-serial", "-startdate", "-enddate", "-fingerprint", "-sha256");
        Assert.Equal(openssl["serial"], Find(view, "serial").Value);
        Assert.Equal(openssl["notBefore"], Find(view, "notBefore").Raw);
        Assert.Equal(openssl["notAfter"], Find(view, "notAfter").Raw);
        Assert.Equal(openssl["sha256 Fingerprint"], Find(view, "sha256").Value);

        var text = Tool.Run("openssl", "x509", "-inform", "DER", "-in", path, "-noout", "-text").Succeeded().Text;
        var extensions = Find(view, "extensions").Lines!.ToArray();
        Assert.Equal(
            text.Split('\n').Count(line => line.EndsWith(": critical", StringComparison.Ordinal)),
            extensions.Count(line => line.Value == "critical"));
        var certtool = Tool.Run("certtool", "--certificate-info", "--inder", "--infile", path).Succeeded().Text;
        Assert.Contains(
            $"Serial Number (hex): {openssl["serial"]}", certtool, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            "sha1:" + Find(view, "sha1").Value!.Replace(":", "", StringComparison.Ordinal), certtool,
            StringComparison.OrdinalIgnoreCase);
        foreach (var identifier in extensions.Where(e => e.Raw == Oids.SubjectKeyIdentifier))
        {
            Assert.Contains(identifier.Lines!.First().Value!.Replace(":", "", StringComparison.Ordinal),
                certtool, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>name=value lines, dates as the view has them.</summary>
    private static Dictionary<string, string> OpenSsl(string command, string path, params string[] what) =>
        Tool.Run("openssl", [command, "-inform", "DER", "-in", path, "-noout", .. what, "-dateopt", "iso_8601"])
            .Succeeded().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Replace(' ', 'T'));
}
