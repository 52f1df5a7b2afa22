using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// One good specimen of every kind of certificate, list and answer, to be bent by tests before it is encoded
/// (<see cref="Bent"/>) or after (<see cref="Rewritten"/>). Their signatures are made up: no rule looks at them.
/// </summary>
internal static class Specimens
{
    public static readonly DateTimeOffset Start = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly PrefectureNames Names = PrefectureNames.Sandbox;

    public static readonly Municipality Kawagoe = Municipalities.Find("11201")!;

    public static readonly Name Bridge = Name.Parse("OU=BridgeCA,OU=Prefectural Association For JPKI,O=JPKI-TEST,C=JP");

    public static readonly HolderNames Holder = new()
    {
        CommonName = "埼玉　太郎",
        CommonNameSubstitutes = "01000",
        Gender = "1",
        BirthDate = "319800217",
        Address = "埼玉県川越市元町一丁目３番地１",
        AddressSubstitutes = "000000000000000",
    };

    public static readonly ProfileChoices Choices = new()
    {
        CrossMappings = [new(PolicyOids.Test.Certificates, "1.2.392.200149.8.5.1.99")],
        ResidentOcspUri = "http://ocsp.example/",
    };

    private static readonly byte[] MadeUpSignature = [1, 2, 3];

    public static PublicKey GovernorKey { get; } = SpecimenKeys.First;

    public static PublicKey OtherKey { get; } = SpecimenKeys.Second;

    public static Certificate Anchor { get; } =
        Sign(CertificateContents.SelfSigned(Names, Choices, Frame(CertificateKind.SelfSigned, GovernorKey), Sha256));

    public static Certificate OperationsAnchor { get; } = Sign(
        CertificateContents.OperationsCa(Names, Frame(CertificateKind.OperationsCa, OtherKey), Sha256));

    public static OperationsIssuer OperationsIssuer { get; } =
        new(Names, OperationsAnchor, "http://site.example/tls-ca.crl");

    public static IssuingAuthority Issuer { get; } = new(Names, Choices, Anchor);

    public static CertificateContent Content(CertificateKind kind) => kind switch
    {
        CertificateKind.SelfSigned => CertificateContents.SelfSigned(Names, Choices, Frame(kind, GovernorKey), Sha256),
        CertificateKind.Resident => CertificateContents.Resident(
            Issuer, Frame(kind, OtherKey), Kawagoe, "2026040109000000001" + "11201T001", Holder),
        CertificateKind.OcspResponder => CertificateContents.OcspResponder(Issuer, Frame(kind, OtherKey), "ocsp-1"),
        CertificateKind.Cross => CertificateContents.Cross(Issuer, Frame(kind, OtherKey), Bridge),
        CertificateKind.OldWithNew or CertificateKind.NewWithOld =>
            CertificateContents.Link(Issuer, kind, Frame(kind, OtherKey)),
        CertificateKind.ValidationServer =>
            CertificateContents.ValidationServer(Issuer, Frame(kind, OtherKey), "validation-1"),
        CertificateKind.OperationsCa => CertificateContents.OperationsCa(Names, Frame(kind, OtherKey), Sha256),
        CertificateKind.Client => CertificateContents.Client(
            OperationsIssuer, Frame(kind, GovernorKey), "Terminal", "11201T001"),
        CertificateKind.Door => CertificateContents.Door(
            OperationsIssuer, Frame(kind, GovernorKey), "Authority", "authority", ["localhost", "127.0.0.1"]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static CertificateFrame Frame(CertificateKind kind, PublicKey key) => new(
        SerialNumber.FromUnsigned([0x5A, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, (byte)kind]),
        Profiles.Of(kind).Years > 0
            ? Profiles.Of(kind).ValidityFrom(Start)
            : Profiles.LinkValidity(kind, Start, Start.AddDays(9), JapanTime.EndOfYears(Start, 10)),
        key);

    public static Certificate Good(CertificateKind kind) => Sign(Content(kind));

    public static Certificate Bent(CertificateKind kind, Func<CertificateContent, CertificateContent> bend) =>
        Sign(bend(Content(kind)));

    public static Certificate With(CertificateKind kind, Extension extension) =>
        Bent(kind, c => c with { Extensions = c.Extensions.With(extension) });

    public static Certificate Without(CertificateKind kind, string oid) =>
        Bent(kind, c => c with { Extensions = c.Extensions.Without(oid) });

    /// <summary>The same extension, marked the other way.</summary>
    public static Certificate Remarked(CertificateKind kind, string oid) => Bent(kind, c =>
    {
        var extension = c.Extensions.First(e => e.Oid == oid);
        return c with { Extensions = c.Extensions.With(extension with { Critical = !extension.Critical }) };
    });

    /// <summary>
    /// With fields of the TBSCertificate replaced after encoding, for what our writer refuses to write: version,
    /// serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, extensions.
    /// </summary>
    public static Certificate Rewritten(CertificateKind kind, Action<List<byte[]>> rewrite)
    {
        var reader = new AsnReader(Good(kind).ToBeSigned, AsnEncodingRules.DER).ReadSequence();
        List<byte[]> fields = [];
        while (reader.HasData)
            fields.Add(reader.ReadEncodedValue().ToArray());
        rewrite(fields);
        return Certificate.Read(Encoded(writer =>
        {
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                    fields.ForEach(field => writer.WriteEncodedValue(field));
                writer.WriteEncodedValue(fields[2]);
                writer.WriteBitString(MadeUpSignature);
            }
        }));
    }

    public static Crl Crl(
        Func<CrlContent, CrlContent>? bend = null, CrlKind kind = CrlKind.Crl, params RevokedEntry[] entries)
    {
        var point = kind == CrlKind.Arl ? Names.Authority : Names.DistributionPointOf(Kawagoe);
        var content = kind == CrlKind.Operations
            ? CrlContents.Operations(OperationsIssuer, 7, Start)
            : CrlContents.Of(Issuer, kind, 7, Start, point);
        return (bend ?? (c => c))(content).Sign(entries, _ => MadeUpSignature);
    }

    public static BasicOcspContent Ocsp() => new()
    {
        Algorithm = Sha256,
        Responder = OtherKey,
        ProducedAt = Start,
        Responses = [Single()],
        Nonce = new byte[32],
        Certificates = [Good(CertificateKind.OcspResponder).Der],
    };

    public static SingleResponse Single(int serial = 1) => new()
    {
        CertId = CertId.Of(HashAlgorithmName.SHA1, Names.Authority, GovernorKey,
            SerialNumber.FromUnsigned([(byte)serial])),
        Status = CertStatus.Good,
        ThisUpdate = Start,
    };

    public static BasicOcspResponse Answered(Func<BasicOcspContent, BasicOcspContent>? bend = null) =>
        OcspResponse.Read((bend ?? (c => c))(Ocsp()).Sign(_ => MadeUpSignature)).Basic!;

    /// <summary>An RSA key of these numbers, whether or not they make one.</summary>
    public static PublicKey RsaKey(BigInteger modulus, BigInteger exponent) => PublicKey.Read(Encoded(writer =>
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.RsaEncryption);
                writer.WriteNull();
            }
            writer.WriteBitString(Encoded(inner =>
            {
                using (inner.PushSequence())
                {
                    inner.WriteInteger(modulus);
                    inner.WriteInteger(exponent);
                }
            }));
        }
    }));

    public static byte[] Encoded(Action<AsnWriter> write)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    private static SignatureAlgorithm Sha256 => SignatureAlgorithm.Sha256WithRsa;

    private static Certificate Sign(CertificateContent content) => content.Sign(_ => MadeUpSignature);
}
