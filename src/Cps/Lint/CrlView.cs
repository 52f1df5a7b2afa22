using System.Formats.Asn1;
using System.Numerics;
using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>A CRL as the rules see it: its extensions unpacked once. Its entries are walked along apart.</summary>
public sealed class CrlView
{
    private List<string>? undecoded;

    /// <summary>Its kind is what it says of itself.</summary>
    public CrlView(Crl crl)
        : this(crl, null) =>
        Kind = Kinds.Of(this);

    /// <param name="crl">What is judged.</param>
    /// <param name="kind">Which profile to judge it by; null for RFC 5280's alone.</param>
    public CrlView(Crl crl, CrlKind? kind)
    {
        (Crl, Kind) = (crl, kind);
        foreach (var extension in crl.Extensions)
            Unpack(extension);
        (ThisUpdateForm, NextUpdateForm) = ReadForms(crl);
    }

    public Crl Crl { get; }

    /// <summary>Null for a stranger's, which is judged by RFC 5280 alone.</summary>
    public CrlKind? Kind { get; }

    public AuthorityKeyIdentifier? AuthorityKey { get; private set; }

    public BigInteger? Number { get; private set; }

    public IssuingDistributionPoint? Point { get; private set; }

    public DateTimeOffset? NextPublish { get; private set; }

    public IReadOnlyList<string> Undecoded => undecoded ?? [];

    public UniversalTagNumber ThisUpdateForm { get; }

    public UniversalTagNumber? NextUpdateForm { get; }

    public bool Has(string oid) => Crl.Find(oid) is not null;

    public bool IsCritical(string oid) => Crl.Find(oid) is { Critical: true };

    private void Unpack(Extension extension)
    {
        try
        {
            switch (extension.Oid)
            {
                case Oids.AuthorityKeyIdentifier:
                    AuthorityKey = Extensions.ReadAuthorityKeyIdentifier(extension);
                    break;
                case Oids.CrlNumber: Number = Extensions.ReadCrlNumber(extension); break;
                case Oids.IssuingDistributionPoint: Point = Extensions.ReadIssuingDistributionPoint(extension); break;
                case Oids.NextPublish: NextPublish = Extensions.ReadNextPublish(extension); break;
                case Oids.IssuerAltName: Extensions.ReadIssuerAltName(extension); break;
                case Oids.FreshestCrl: Extensions.ReadCrlDistributionPoints(extension); break;
            }
        }
        catch (AsnContentException)
        {
            (undecoded ??= []).Add(extension.Oid);
        }
    }

    private static (UniversalTagNumber, UniversalTagNumber?) ReadForms(Crl crl)
    {
        var reader = new AsnReader(crl.ToBeSigned, AsnEncodingRules.DER).ReadSequence();
        if (crl.Version > 1)
            reader.ReadEncodedValue();
        reader.ReadEncodedValue();                            // signature
        reader.ReadEncodedValue();                            // issuer
        var thisUpdate = (UniversalTagNumber)reader.PeekTag().TagValue;
        reader.ReadEncodedValue();
        return (thisUpdate, crl.NextUpdate is null ? null : (UniversalTagNumber)reader.PeekTag().TagValue);
    }
}

/// <summary>One entry, with the list that it stands in.</summary>
public readonly record struct EntryView(CrlView List, RevokedEntry Entry);
