using System.Formats.Asn1;
using System.Text;
using Jpki.Forms;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cmp;

namespace Jpki.Authority.Cmp;

/// <summary>A PKIMessage as it came: its parts keep the octets they were protected as. (RFC 4210 5.1)</summary>
internal sealed record CmpMessage
{
    public const int MaxOctets = 64 * 1024;

    private const int MaxDepth = 32;
    private const int MaxIdOctets = 32;
    private const int MaxOtherOctets = 128;

    private static readonly Asn1Tag ProtectionTag = new(TagClass.ContextSpecific, 0, isConstructed: true);

    public required PkiHeader Header { get; init; }

    public required PkiBody Body { get; init; }

    public required ReadOnlyMemory<byte> HeaderDer { get; init; }

    public required ReadOnlyMemory<byte> BodyDer { get; init; }

    /// <summary>The signature or MAC; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Protection { get; init; }

    public byte[] TransactionId => Header.TransactionID.GetOctets();

    /// <summary>The reference value of a shared secret, where the message is protected by one.</summary>
    public string SenderKid => Header.SenderKID is { } kid ? Encoding.UTF8.GetString(kid.GetOctets()) : "";

    public bool WantsImplicitConfirm =>
        Header.GetGeneralInfo()?.Any(i => i.InfoType.Equals(CmpObjectIdentifiers.it_implicitConfirm)) == true;

    /// <summary>ProtectedPart ::= SEQUENCE { header, body }: what the protection is over. (RFC 4210 5.1.3)</summary>
    public byte[] ProtectedPart
    {
        get
        {
            AsnWriter writer = new(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(HeaderDer.Span);
                writer.WriteEncodedValue(BodyDer.Span);
            }
            return writer.Encode();
        }
    }

    /// <summary>
    /// The paper that the books keep: the body, which says what is asked, and beside it header and protection, which
    /// differ when the same is sent again. Together they are the message.
    /// </summary>
    public SignedForm Paper => new()
    {
        Body = BodyDer.ToArray(),
        Signature = [.. HeaderDer.Span, .. (Protection ?? default).Span],
    };

    /// <exception cref="AsnContentException">It is no PKIMessage in DER, or one of unreasonable size.</exception>
    public static CmpMessage Read(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxOctets)
            throw new AsnContentException("a message of unreasonable size");
        RequireShallow(der, MaxDepth);
        AsnReader outer = new(der, AsnEncodingRules.DER);
        var reader = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var header = reader.ReadEncodedValue();
        var body = reader.ReadEncodedValue();
        var protection = ReadProtection(reader);
        return Strangers.Read(() => new CmpMessage
        {
            Header = Checked(PkiHeader.GetInstance(Asn1Object.FromByteArray(header.ToArray()))),
            Body = PkiBody.GetInstance(Asn1Object.FromByteArray(body.ToArray())),
            HeaderDer = header,
            BodyDer = body,
            Protection = protection,
        });
    }

    /// <summary>Whoever reads recursively after this cannot be led too deep.</summary>
    private static void RequireShallow(ReadOnlyMemory<byte> der, int depth)
    {
        if (depth == 0)
            throw new AsnContentException("a message of unreasonable depth");
        AsnReader reader = new(der, AsnEncodingRules.DER);
        while (reader.HasData)
        {
            if (reader.PeekTag().IsConstructed)
                RequireShallow(reader.PeekContentBytes(), depth - 1);
            reader.ReadEncodedValue();
        }
    }

    private static ReadOnlyMemory<byte>? ReadProtection(AsnReader reader)
    {
        if (!reader.HasData || !reader.PeekTag().HasSameClassAndValue(ProtectionTag))
            return null;
        var inner = reader.ReadSequence(ProtectionTag);
        var bits = inner.ReadBitString(out var unused);
        inner.ThrowIfNotEmpty();
        return unused == 0 ? bits : throw new AsnContentException("a protection does not hold whole octets");
    }

    private static PkiHeader Checked(PkiHeader header) =>
        header.TransactionID?.GetOctetsLength() is >= 1 and <= MaxIdOctets
        && (header.SenderNonce?.GetOctetsLength() ?? 0) <= MaxOtherOctets
        && (header.SenderKID?.GetOctetsLength() ?? 0) <= MaxOtherOctets
            ? header
            : throw new AsnContentException("a message needs a transactionID of 1 to 32 octets");
}
