using System.Formats.Asn1;
using System.Numerics;

namespace Jpki.X509;

/// <summary>The slice of certificates a CRL speaks for (RFC 5280 5.2.5). CRL発行配布点</summary>
public sealed record IssuingDistributionPoint(DistributionPointName? Name)
{
    public bool OnlyContainsUserCerts { get; init; }

    public bool OnlyContainsCaCerts { get; init; }

    public ReasonSet? OnlySomeReasons { get; init; }

    public bool IndirectCrl { get; init; }

    public bool OnlyContainsAttributeCerts { get; init; }
}

/// <summary>Extensions about CRLs: in certificates, in CRLs and in their entries.</summary>
public static partial class Extensions
{
    public static Extension CrlDistributionPoints(params Name[] directoryNames) => CrlDistributionPoints(
        [.. directoryNames.Select(n => new DistributionPoint(DistributionPointName.Of(n)))]);

    public static Extension CrlDistributionPoints(params DistributionPoint[] points) =>
        Make(Oids.CrlDistributionPoints, false, writer =>
        {
            using (writer.PushSequence())
            {
                foreach (var point in points)
                    point.Write(writer);
            }
        });

    public static IReadOnlyList<DistributionPoint> ReadCrlDistributionPoints(Extension extension) =>
        ReadSequenceOf(extension, DistributionPoint.Read);

    public static Extension IssuingDistributionPoint(IssuingDistributionPoint point) =>
        Make(Oids.IssuingDistributionPoint, true, writer =>
        {
            using (writer.PushSequence())
            {
                point.Name?.Write(writer);
                WriteFlag(writer, 1, point.OnlyContainsUserCerts);
                WriteFlag(writer, 2, point.OnlyContainsCaCerts);
                if (point.OnlySomeReasons is { } reasons)
                    writer.WriteNamedBitList(reasons, Der.Context(3));
                WriteFlag(writer, 4, point.IndirectCrl);
                WriteFlag(writer, 5, point.OnlyContainsAttributeCerts);
            }
        });

    public static IssuingDistributionPoint ReadIssuingDistributionPoint(Extension extension)
    {
        var reader = Der.OpenSequence(extension.Value);
        var isEmpty = !reader.HasData;
        var point = new IssuingDistributionPoint(DistributionPointName.ReadOptional(reader))
        {
            OnlyContainsUserCerts = reader.ReadDefaultFalse(Der.Context(1)),
            OnlyContainsCaCerts = reader.ReadDefaultFalse(Der.Context(2)),
            OnlySomeReasons = reader.NextIs(Der.Context(3))
                ? reader.ReadNamedBitListValue<ReasonSet>(Der.Context(3)) : null,
            IndirectCrl = reader.ReadDefaultFalse(Der.Context(4)),
            OnlyContainsAttributeCerts = reader.ReadDefaultFalse(Der.Context(5)),
        };
        reader.ThrowIfNotEmpty();
        bool[] kinds = [point.OnlyContainsUserCerts, point.OnlyContainsCaCerts, point.OnlyContainsAttributeCerts];
        return isEmpty || kinds.Count(k => k) > 1 // RFC 5280 5.2.5
            ? throw new AsnContentException("an issuing distribution point has no scope, or two")
            : point;
    }

    public static Extension CrlNumber(BigInteger number) =>
        Make(Oids.CrlNumber, false, w => w.WriteInteger(number));

    /// <summary>RFC 5280 5.2.3: as large as a serial number may be, so not an int.</summary>
    public static BigInteger ReadCrlNumber(Extension extension) =>
        Der.ReadWhole(extension.Value, r => r.ReadInteger());

    /// <summary>The day the next CRL is due, when this one lasts longer than that (CPS 4-4-9).</summary>
    public static Extension NextPublish(DateTimeOffset at) =>
        Make(Oids.NextPublish, false, w => w.WriteTime(at));

    public static DateTimeOffset ReadNextPublish(Extension extension) =>
        Der.ReadWhole(extension.Value, r => r.ReadTime());

    /// <summary>CRLReason ::= ENUMERATED (RFC 5280 5.3.1).</summary>
    public static Extension ReasonCode(int code) =>
        Make(Oids.ReasonCode, false, w => w.WriteEnumeratedValue((CrlReason)code));

    public static int ReadReasonCode(Extension extension)
    {
        var reason = Der.ReadWhole(extension.Value, r => r.ReadEnumeratedValue<CrlReason>());
        return Enum.IsDefined(reason) ? (int)reason : throw new AsnContentException("not a CRLReason");
    }

    private static void WriteFlag(AsnWriter writer, int tag, bool value)
    {
        if (value) // X.690 11.5: a DEFAULT FALSE is not written
            writer.WriteBoolean(true, Der.Context(tag));
    }
}
