using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>
/// CertificatePair ::= SEQUENCE { issuedToThisCA [0] OPTIONAL, issuedByThisCA [1] OPTIONAL }, at least one of them: a
/// value of crossCertificatePair in a CA's entry. 相互認証証明書ペア (RFC 4523 2.3, X.509 11.2.3)
/// </summary>
public sealed record CrossCertificatePair(Certificate? IssuedToThisCa, Certificate? IssuedByThisCa)
{
    private static readonly Asn1Tag To = Der.Context(0, constructed: true);
    private static readonly Asn1Tag By = Der.Context(1, constructed: true);

    public IEnumerable<Certificate> Certificates => new[] { IssuedToThisCa, IssuedByThisCa }.OfType<Certificate>();

    /// <summary>Whether the octets begin as a pair does, and as no certificate can.</summary>
    public static bool IsOne(ReadOnlyMemory<byte> der)
    {
        if (der.Span is not [0x30, ..])
            return false;
        var pair = Der.Open(der).ReadSequence();
        return pair.NextIs(To) || pair.NextIs(By);
    }

    /// <exception cref="AsnContentException">It is no pair.</exception>
    public static CrossCertificatePair Read(ReadOnlyMemory<byte> der)
    {
        var reader = Der.OpenSequence(der);
        CrossCertificatePair pair = new(ReadMember(reader, To), ReadMember(reader, By));
        reader.ThrowIfNotEmpty();
        return pair.Certificates.Any() ? pair : throw new AsnContentException("a pair of no certificates");
    }

    public byte[] Encode() => Der.Write(writer =>
    {
        using (writer.PushSequence())
        {
            Write(writer, IssuedToThisCa, To);
            Write(writer, IssuedByThisCa, By);
        }
    });

    private static Certificate? ReadMember(AsnReader pair, Asn1Tag tag)
    {
        if (!pair.NextIs(tag))
            return null;
        var member = pair.ReadSequence(tag);
        var certificate = Certificate.Read(member.ReadEncodedValue());
        member.ThrowIfNotEmpty();
        return certificate;
    }

    private static void Write(AsnWriter writer, Certificate? member, Asn1Tag tag)
    {
        if (member is null)
            return;
        using (writer.PushSequence(tag))
            writer.WriteEncodedValue(member.Der.Span);
    }
}
