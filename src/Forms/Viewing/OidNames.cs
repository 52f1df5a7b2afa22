using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>What object identifiers are called in both languages; what is not here is shown as it is.</summary>
internal static class OidNames
{
    private static readonly Dictionary<string, (string Japanese, string English)> Known = new()
    {
        [Oids.SubjectKeyIdentifier] = ("主体者鍵識別子", "subjectKeyIdentifier"),
        [Oids.KeyUsage] = ("鍵用途", "keyUsage"),
        ["2.5.29.16"] = ("秘密鍵の有効期間", "privateKeyUsagePeriod"),
        [Oids.SubjectAltName] = ("主体者別名", "subjectAltName"),
        [Oids.IssuerAltName] = ("発行者別名", "issuerAltName"),
        [Oids.BasicConstraints] = ("基本制約", "basicConstraints"),
        [Oids.NameConstraints] = ("名前制約", "nameConstraints"),
        [Oids.CrlDistributionPoints] = ("CRL 配布点", "cRLDistributionPoints"),
        [Oids.CertificatePolicies] = ("証明書ポリシー", "certificatePolicies"),
        [Oids.PolicyMappings] = ("ポリシーマッピング", "policyMappings"),
        [Oids.AuthorityKeyIdentifier] = ("発行者鍵識別子", "authorityKeyIdentifier"),
        [Oids.PolicyConstraints] = ("ポリシー制約", "policyConstraints"),
        [Oids.ExtendedKeyUsage] = ("拡張鍵用途", "extKeyUsage"),
        [Oids.FreshestCrl] = ("最新 CRL", "freshestCRL"),
        [Oids.InhibitAnyPolicy] = ("任意ポリシーの禁止", "inhibitAnyPolicy"),
        [Oids.AuthorityInfoAccess] = ("発行者情報アクセス", "authorityInfoAccess"),
        [Oids.SubjectInfoAccess] = ("主体者情報アクセス", "subjectInfoAccess"),
        [Oids.OcspNoCheck] = ("OCSP 確認不要", "ocsp-nocheck"),
        [Oids.CrlNumber] = ("CRL 番号", "cRLNumber"),
        [Oids.DeltaCrlIndicator] = ("差分 CRL", "deltaCRLIndicator"),
        [Oids.IssuingDistributionPoint] = ("発行配布点", "issuingDistributionPoint"),
        [Oids.NextPublish] = ("次回の発行予定", "nextPublish"),
        ["2.16.840.1.113730.1.1"] = ("Netscape 証明書種別", "netscape-cert-type"),
        ["1.3.6.1.4.1.11129.2.4.2"] = ("証明書の透明性（SCT）", "signedCertificateTimestamps"),
        ["1.3.6.1.5.5.7.1.3"] = ("適格証明書の表明", "qcStatements"),
        [Oids.ServerAuth] = ("TLS サーバ認証", "serverAuth"),
        [Oids.ClientAuth] = ("TLS クライアント認証", "clientAuth"),
        ["1.3.6.1.5.5.7.3.3"] = ("コード署名", "codeSigning"),
        ["1.3.6.1.5.5.7.3.4"] = ("電子メール保護", "emailProtection"),
        [Oids.TimeStamping] = ("タイムスタンプ", "timeStamping"),
        [Oids.OcspSigning] = ("OCSP 署名", "OCSPSigning"),
        [Oids.AnyExtendedKeyUsage] = ("すべての目的", "anyExtendedKeyUsage"),
        [Oids.AccessOcsp] = ("OCSP", "ocsp"),
        [Oids.AccessCaIssuers] = ("発行者の証明書", "caIssuers"),
        [Oids.AnyPolicy] = ("任意のポリシー", "anyPolicy"),
        [PolicyOids.Production.Certificates] = ("埼玉県の電子証明書・相互認証証明書", "Saitama: residents' and cross certificates"),
        [PolicyOids.Test.Certificates] = (
            "埼玉県の電子証明書・相互認証証明書（テスト用）", "Saitama: residents' and cross certificates (test)"),
        [PolicyOids.Production.ValidationServer] = ("官職証明書検証サーバ証明書", "validation server"),
        [PolicyOids.Test.ValidationServer] = ("官職証明書検証サーバ証明書（テスト用）", "validation server (test)"),
        [PolicyOids.Production.OcspResponder] = ("OCSP レスポンダ証明書", "OCSP responder"),
        [PolicyOids.Test.OcspResponder] = ("OCSP レスポンダ証明書（テスト用）", "OCSP responder (test)"),
        ["1.2.392.200149.8.5.1.1.20"] = ("署名用電子証明書（J-LIS、カード）", "signature certificate (J-LIS, card)"),
        ["1.2.392.200149.8.5.1.0.20"] = (
            "署名用電子証明書（J-LIS、カード、テスト用）", "signature certificate (J-LIS, card, test)"),
        ["1.2.392.200149.8.5.1.1.40"] = ("署名用電子証明書（J-LIS、スマートフォン）", "signature certificate (J-LIS, phone)"),
        ["1.2.392.200149.8.5.1.3.30"] = ("利用者証明用電子証明書（J-LIS、カード）", "authentication certificate (J-LIS, card)"),
        [HolderNames.CommonNameOid] = ("氏名", "commonName"),
        [HolderNames.CommonNameSubstitutesOid] = ("氏名代替文字の使用情報", "substituteCharacterOfCommonName"),
        [HolderNames.GenderOid] = ("性別", "gender"),
        [HolderNames.BirthDateOid] = ("生年月日", "dateOfBirth"),
        [HolderNames.AddressOid] = ("住所", "address"),
        [HolderNames.AddressSubstitutesOid] = ("住所代替文字の使用情報", "substituteCharacterOfAddress"),
        [Oids.RsaEncryption] = ("RSA", "RSA"),
        [Oids.EcPublicKey] = ("楕円曲線", "elliptic curve"),
        [Oids.Dsa] = ("DSA", "DSA"),
        ["1.3.101.112"] = ("Ed25519", "Ed25519"),
        [Oids.P256] = ("P-256", "P-256"),
        [Oids.P384] = ("P-384", "P-384"),
        [Oids.P521] = ("P-521", "P-521"),
        ["1.2.840.113549.1.1.4"] = ("MD5 と RSA", "md5WithRSAEncryption"),
        [Oids.Sha1WithRsa] = ("SHA-1 と RSA", "sha1WithRSAEncryption"),
        [Oids.Sha256WithRsa] = ("SHA-256 と RSA", "sha256WithRSAEncryption"),
        [Oids.Sha384WithRsa] = ("SHA-384 と RSA", "sha384WithRSAEncryption"),
        [Oids.Sha512WithRsa] = ("SHA-512 と RSA", "sha512WithRSAEncryption"),
        ["1.2.840.113549.1.1.10"] = ("RSASSA-PSS", "RSASSA-PSS"),
        [Oids.EcdsaSha256] = ("SHA-256 と ECDSA", "ecdsa-with-SHA256"),
        [Oids.EcdsaSha384] = ("SHA-384 と ECDSA", "ecdsa-with-SHA384"),
        [Oids.EcdsaSha512] = ("SHA-512 と ECDSA", "ecdsa-with-SHA512"),
        [Oids.DsaSha1] = ("SHA-1 と DSA", "dsa-with-SHA1"),
        [Oids.Sha1] = ("SHA-1", "SHA-1"),
        [Oids.Sha256] = ("SHA-256", "SHA-256"),
        [Oids.Sha384] = ("SHA-384", "SHA-384"),
        [Oids.Sha512] = ("SHA-512", "SHA-512"),
    };

    /// <summary>The name, or the OID itself.</summary>
    public static (string Japanese, string English) Of(string oid) => Known.GetValueOrDefault(oid, (oid, oid));

    /// <summary>Name and OID: 鍵用途 (2.5.29.15).</summary>
    public static string WithOid(Sheet sheet, string oid) =>
        Known.TryGetValue(oid, out var name) ? $"{sheet.Say(name)} ({oid})" : oid;
}
