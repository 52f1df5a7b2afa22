using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>ReasonFlags: the reasons a partial CRL covers, bit by bit (RFC 5280 4.2.1.13).</summary>
[Flags]
public enum ReasonSet
{
    None = 0,
    Unused = 1 << 0,
    KeyCompromise = 1 << 1,
    CaCompromise = 1 << 2,
    AffiliationChanged = 1 << 3,
    Superseded = 1 << 4,
    CessationOfOperation = 1 << 5,
    CertificateHold = 1 << 6,
    PrivilegeWithdrawn = 1 << 7,
    AaCompromise = 1 << 8,
}

/// <summary>Where a CRL stands: by full names, or by an RDN below the CRL issuer's name. 配布点名</summary>
public sealed record DistributionPointName(IReadOnlyList<GeneralName> FullName, Rdn? NameRelativeToCrlIssuer = null)
{
    /// <summary>DistributionPointName is a CHOICE, so this [0] is EXPLICIT around its own [0] or [1].</summary>
    private static readonly Asn1Tag Outer = Der.Context(0, constructed: true);

    private static readonly Asn1Tag Full = Der.Context(0, constructed: true);
    private static readonly Asn1Tag Relative = Der.Context(1, constructed: true);

    public static DistributionPointName Of(Name directoryName) => new([GeneralName.Of(directoryName)]);

    internal static DistributionPointName? ReadOptional(AsnReader outer)
    {
        if (!outer.NextIs(Outer))
            return null;
        var reader = outer.ReadSequence(Outer);
        var name = reader.NextIs(Relative)
            ? new DistributionPointName([], Rdn.Read(reader, Relative))
            : new DistributionPointName(GeneralName.ReadList(reader, Full));
        reader.ThrowIfNotEmpty();
        return name;
    }

    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence(Outer))
        {
            if (NameRelativeToCrlIssuer is null)
                GeneralName.WriteList(writer, FullName, Full);
            else
                NameRelativeToCrlIssuer.Write(writer, Relative);
        }
    }
}

/// <summary>One place where a certificate's revocation would be published (RFC 5280 4.2.1.13). CRL配布点</summary>
public sealed record DistributionPoint(
    DistributionPointName? Name,
    ReasonSet? Reasons = null,
    IReadOnlyList<GeneralName>? CrlIssuer = null)
{
    internal static DistributionPoint Read(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var name = DistributionPointName.ReadOptional(reader);
        ReasonSet? reasons = reader.NextIs(Der.Context(1))
            ? reader.ReadNamedBitListValue<ReasonSet>(Der.Context(1)) : null;
        var crlIssuer = reader.NextIs(Der.Context(2))
            ? GeneralName.ReadList(reader, Der.Context(2, constructed: true)) : null;
        reader.ThrowIfNotEmpty();
        return name is null && crlIssuer is null
            ? throw new AsnContentException("a distribution point points nowhere") // RFC 5280 4.2.1.13
            : new(name, reasons, crlIssuer);
    }

    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            Name?.Write(writer);
            if (Reasons is { } reasons)
                writer.WriteNamedBitList(reasons, Der.Context(1));
            if (CrlIssuer is { } crlIssuer)
                GeneralName.WriteList(writer, crlIssuer, Der.Context(2, constructed: true));
        }
    }
}
