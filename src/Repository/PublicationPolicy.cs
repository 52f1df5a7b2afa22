using System.Formats.Asn1;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>What may be put on the shelves. リポジトリの義務 (CPS 2-1-9, 2-6-1)</summary>
internal sealed class PublicationPolicy(PrefectureNames names, Shelf present, DateTimeOffset at)
{
    /// <summary>The shelf with the publication in it, or why none of it is taken.</summary>
    /// <exception cref="AsnContentException">Something in it is not the DER it should be.</exception>
    internal Outcome<Shelf> Take(Publication publication)
    {
        List<Leaf> certificates = [.. present.Of(Schema.CaCertificate)];
        foreach (var der in publication.Certificates)
        {
            if (certificates.Exists(c => c.Der.Span.SequenceEqual(der)))
                continue;
            certificates.Add(new(names.Authority, Schema.CaCertificate, der, at));
        }
        var keys = KeysOf(certificates);
        foreach (var certificate in certificates)
        {
            if (ObjectionToCertificate(Certificate.Read(certificate.Der), keys) is { } no)
                return no;
        }
        var pairs = TakePairs(publication.CrossCertificatePairs, keys);
        if (pairs.IsRefused(out var wrongPair, out var taken))
            return wrongPair;
        var lists = new RevocationListPolicy(names, keys, at)
            .Take(publication.Crls, [.. present.Leaves.Where(l => l.IsList)]);
        return lists.IsRefused(out var wrongList, out var current)
            ? wrongList
            : new Shelf(present.Version + 1, at, [.. certificates, .. taken, .. current]);
    }

    /// <summary>The governor's keys of all generations: those that sign themselves.</summary>
    private static List<PublicKey> KeysOf(IEnumerable<Leaf> certificates) =>
        [.. certificates.Select(c => Certificate.Read(c.Der))
            .Where(c => c.IsSignedBy(c.PublicKey)).Select(c => c.PublicKey)];

    private Refusal? ObjectionToCertificate(Certificate certificate, List<PublicKey> keys)
    {
        var what = $"certificate {certificate.Serial}";
        if (!certificate.Subject.Equals(names.Authority) || !certificate.Issuer.Equals(names.Authority))
        {
            return new(
                "2-6-1", $"{what} is not the governor's own: only self-signed, link and cross certificates are public");
        }

        if (!IsAuthority(certificate))
            return new("7-1-3", $"{what} is no CA certificate");
        return keys.Exists(certificate.IsSignedBy)
            ? null
            : new("7-1-3", $"{what} is signed by no key of the governor's");
    }

    private static bool IsAuthority(Certificate certificate) =>
        certificate.Find(Oids.BasicConstraints) is { } constraints && Extensions.ReadBasicConstraints(constraints).IsCa;

    /// <summary>New pairs replace the old ones at once; one that ended leaves none. (CPS 4-9, 4-10)</summary>
    private Outcome<List<Leaf>> TakePairs(IReadOnlyList<byte[]>? pairs, List<PublicKey> keys)
    {
        if (pairs is null)
            return present.Of(Schema.CrossPair).ToList();
        foreach (var der in pairs)
        {
            if (ObjectionToPair(CrossCertificatePair.Read(der), keys) is { } no)
                return no;
        }
        return pairs.Select(LeafOf).ToList();
    }

    /// <summary>What is there already stays the object it was.</summary>
    private Leaf LeafOf(byte[] der) =>
        present.Of(Schema.CrossPair).FirstOrDefault(l => l.Der.Span.SequenceEqual(der))
        ?? new(names.Authority, Schema.CrossPair, der, at);

    private Refusal? ObjectionToPair(CrossCertificatePair pair, List<PublicKey> keys) => pair switch
    {
        { IssuedToThisCa: { } to } when !(to.Subject.Equals(names.Authority) && keys.Contains(to.PublicKey)) =>
            new("4-8", $"certificate {to.Serial} was not issued to the governor's key"),
        { IssuedByThisCa: { } by } when !(by.Issuer.Equals(names.Authority) && keys.Exists(by.IsSignedBy)) =>
            new("4-8", $"certificate {by.Serial} was not issued by the governor"),
        { IssuedToThisCa: { } to, IssuedByThisCa: { } by } when
            !(to.Issuer.Equals(by.Subject) && to.IsSignedBy(by.PublicKey)) =>
            new("4-8", $"certificates {to.Serial} and {by.Serial} are of different partners"),
        _ => null,
    };
}
