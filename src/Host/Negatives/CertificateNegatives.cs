using System.Formats.Asn1;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.X509;
using static System.Formats.Asn1.UniversalTagNumber;

namespace Jpki.Host.Negatives;

/// <summary>Certificates that look right.</summary>
internal static class CertificateNegatives
{
    private const string Resident = nameof(CertificateKind.Resident);

    public static IReadOnlyList<NegativeCase> All { get; } =
    [
        new("good", new("正しい証明書（受け入れること）", "a certificate without fault: accept it"), null,
            w => Known(w, w.Resident())),

        new("expired", new("有効期間が過ぎている", "its validity is over"), "RFC 5280 6.1.3(a)(2)",
            w => Known(w, w.Resident() with { NotBefore = w.Now.AddYears(-4), NotAfter = w.Now.AddYears(-1) })),
        new("not-yet-valid", new("有効期間がまだ始まらない", "its validity begins tomorrow"), "RFC 5280 6.1.3(a)(2)",
            w => Known(w, w.Resident() with { NotBefore = w.Now.AddDays(1) })),
        new("too-long", new("3年でなく10年有効", "valid for ten years, not three"), "cps_lifetime",
            w => Claimed(w, w.Resident() with { NotAfter = w.Now.AddYears(10) })),

        new("altered-san", new("署名後に氏名を書き換えた", "the holder's name was changed after signing"),
            "RFC 5280 6.1.3(a)(1)",
            w => Known(w, Bending.Forged(w.Sign(w.Resident()), "架空　太郎", "架空　花子"))),
        new("altered-signature", new("署名値の1ビットが違う", "one bit of the signature is wrong"),
            "RFC 5280 6.1.3(a)(1)", w => Known(w, Bending.WithLastBitTurned(w.Sign(w.Resident()).Der))),
        new("strangers-signature", new("知事と同じ名前の別人の鍵で署名", "signed by somebody else who uses the governor's name"),
            "RFC 5280 6.1.3(a)(1)", w => Known(w, w.Sign(w.Resident(), w.Stranger).Der.ToArray())),
        new("other-issuer", new("発行者名が知事ではない", "issued under another name"), "RFC 5280 6.1.3(a)(4)",
            w => Known(w, w.Resident() with { Issuer = Workshop.Names.Authority.With("OU", "Somebody") })),
        new("old-key-without-link", new("旧世代の鍵で署名、リンク証明書なし", "signed with the old key, and no link certificate"),
            "RFC 5280 6.1.3(a)(1)", w => Known(w, w.Sign(w.Resident(w.OldGovernor), w.OldKey).Der.ToArray())),
        new("revoked-link", new("リンク証明書が失効している（ARL）", "the link certificate is on the ARL"), "revoked", RevokedLink),
        new("holder-as-authority", new("利用者の鍵で署名した証明書", "signed with a holder's key, which certifies nobody"),
            "RFC 5280 6.1.4(k)", HolderAsAuthority),

        new("unknown-critical-extension", new("未知の重要な拡張", "an unknown critical extension"), "RFC 5280 6.1.4(o)",
            w => Known(w, w.Resident().Adding(Bending.UnknownCritical))),
        new("trailing-octet", new("DERの後ろに余分な1オクテット", "one octet too many after the DER"), "target",
            w => Known(w, [.. w.Sign(w.Resident()).Der.ToArray(), 0])),
        new("truncated", new("途中で切れている", "cut off in the middle"), "target",
            w => Known(w, w.Sign(w.Resident()).Der[..300].ToArray())),

        new("policy-missing", new("証明書ポリシがない", "no certificate policies"), "cps_extensions_are_complete",
            w => Claimed(w, w.Resident().Without(Oids.CertificatePolicies))),
        new("policy-not-critical", new("証明書ポリシが重要でない", "certificate policies are not critical"),
            "cps_extensions_are_marked",
            w => Claimed(w, w.Resident().Replacing(Oids.CertificatePolicies, e => e with { Critical = false }))),
        new("policy-of-production", new("本番用のポリシOID", "the policy of the real service under a test's name"),
            "cps_test_is_marked",
            w => Claimed(w, w.Resident().Replacing(Oids.CertificatePolicies, _ => Extensions.CertificatePolicies(
                critical: true,
                new PolicyInformation(PolicyOids.Production.Certificates, Workshop.Names.StatementUri))))),
        new("key-usage-wrong", new("鍵用途に否認防止がない", "key usage without nonRepudiation"), "cps_key_usage",
            w => Claimed(w, w.Resident().Replacing(
                Oids.KeyUsage, _ => Extensions.KeyUsage(KeyUsages.DigitalSignature)))),
        new("extensions-in-another-order", new("拡張の順序が違う", "the extensions stand in another order"),
            "cps_extensions_are_in_order",
            w => Claimed(w, w.Resident() with { Extensions = [.. w.Resident().Extensions.Reverse()] })),
        new("wrong-partition", new("他市のCRL配布点を指す", "points to another municipality's CRL"), "cps_partition",
            w => Claimed(w, w.Resident().Replacing(Oids.CrlDistributionPoints, _ =>
                Extensions.CrlDistributionPoints(Workshop.Names.DistributionPointOf(w.Elsewhere))))),

        new("other-names-swapped", new("氏名と住所のOIDが入れ替わっている", "the OIDs of name and address are swapped"),
            "cps_holder_names", w => Claimed(w, w.Resident().Replacing(Oids.SubjectAltName, _ => Names(swap: true)))),
        new("other-name-as-printable-string", new("性別がUTF8Stringでない", "the gender is no UTF8String"),
            "cps_holder_names_are_utf8",
            w => Claimed(w, w.Resident().Replacing(Oids.SubjectAltName, _ => Names(gender: PrintableString)))),
        new("other-name-missing", new("生年月日がない", "there is no date of birth"), "cps_holder_names",
            w => Claimed(w, w.Resident().Replacing(Oids.SubjectAltName, _ => Names(withBirthDate: false)))),
        new("impossible-birth-date", new("あり得ない生年月日（2月30日）", "born on the 30th of February"), "cps_holder_birth_date",
            w => Claimed(w, w.Resident(holder: Workshop.Person with { BirthDate = "319800230" }))),
        new("flags-too-short", new("代替文字の使用情報が1文字短い", "one substitute flag too few"), "cps_holder_substitutes",
            w => Claimed(w, w.Resident(holder: Workshop.Person with { CommonNameSubstitutes = "0000" }))),

        new("weak-key-1024", new("RSA 1024ビット", "an RSA key of 1024 bits"), "rsa_key_has_2048_bits",
            w => Claimed(w, WithKey(w, w.Pair(1024).PublicKey))),
        new("weak-key-small-exponent", new("RSAの公開指数が3", "an RSA key with the exponent 3"), "key_has_no_known_flaw",
            w => Claimed(w, WithKey(w, WithExponent(w.Holder, 3)))),
        new("sha1", new("SHA-1で署名", "signed with SHA-1"), "signature_is_not_sha1",
            w => Claimed(w, w.Resident() with { Algorithm = SignatureAlgorithm.Sha1WithRsa })),
    ];

    private static Exhibit Known(Workshop w, CertificateContent content) => Known(w, w.Sign(content).Der.ToArray());

    /// <summary>With the current CRL of its municipality, on which it does not stand.</summary>
    private static Exhibit Known(Workshop w, byte[] target) => new() { Target = target, Crls = [w.Crl()] };

    /// <summary>The path is in order; only the profile is not.</summary>
    private static Exhibit Claimed(Workshop w, CertificateContent content) => Known(w, content) with
    {
        Crls = [w.Crl(), w.Crl(of: w.Elsewhere)],
        Profile = Resident,
    };

    private static Exhibit RevokedLink(Workshop w)
    {
        var link = w.Sign(CertificateContents.Link(
            w.Governor, CertificateKind.OldWithNew,
            new(w.NewSerial(), new(w.Now.AddYears(-6), w.Now.AddYears(4)), w.OldKey.PublicKey)));
        return new()
        {
            Target = w.Sign(w.Resident(w.OldGovernor), w.OldKey).Der.ToArray(),
            Certificates = [link],
            Crls = [w.Crl(), w.Arl([link.Serial])],
        };
    }

    private static Exhibit HolderAsAuthority(Workshop w)
    {
        var holder = w.Sign(w.Resident());
        var below = w.Resident().Without(Oids.AuthorityKeyIdentifier) with { Issuer = holder.Subject };
        return new()
        {
            Target = w.Sign(below, w.Holder).Der.ToArray(),
            Certificates = [holder],
            Crls = [w.Crl()],
        };
    }

    private static Extension Names(
        bool swap = false, bool withBirthDate = true, UniversalTagNumber gender = UTF8String)
    {
        var person = Workshop.Person;
        (string, string, UniversalTagNumber)[] values =
        [
            (swap ? HolderNames.AddressOid : HolderNames.CommonNameOid, person.CommonName, UTF8String),
            (HolderNames.BirthDateOid, person.BirthDate, UTF8String),
            (HolderNames.GenderOid, person.Gender, gender),
            (swap ? HolderNames.CommonNameOid : HolderNames.AddressOid, person.Address, UTF8String),
            (HolderNames.CommonNameSubstitutesOid, person.CommonNameSubstitutes, UTF8String),
            (HolderNames.AddressSubstitutesOid, person.AddressSubstitutes, UTF8String),
        ];
        return Bending.OtherNames([.. values.Where(v => withBirthDate || v.Item1 != HolderNames.BirthDateOid)]);
    }

    private static CertificateContent WithKey(Workshop w, PublicKey key) =>
        w.Resident().Replacing(Oids.SubjectKeyIdentifier, _ => Extensions.SubjectKeyIdentifier(key.KeyIdentifier)) with
        {
            PublicKey = key,
        };

    private static PublicKey WithExponent(SigningPair pair, byte exponent)
    {
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(pair.PublicKey.Der.Span, out _);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        using var other = RSA.Create(parameters with { Exponent = [exponent] });
        return PublicKey.From(other);
    }
}
