using System.Formats.Asn1;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>What may be put on the shelves. リポジトリの義務 (CPS 2-1-9, 2-6-1)</summary>
internal sealed class PublicationPolicy(PrefectureNames names, ShelfFiles files, Shelf present, DateTimeOffset at)
{
    /// <summary>The shelf with the publication in it, or why none of it is taken.</summary>
    /// <exception cref="AsnContentException">Something in it is not the DER it should be.</exception>
    internal Outcome<Shelf> Take(Publication publication)
    {
        IReadOnlyList<Leaf> leaves = [.. present.Of(Schema.CaCertificate)];
        leaves =
        [
            .. leaves,
            .. publication.Certificates.Except(leaves.Select(l => l.Digest))
                .Select(digest => new Leaf(names.Authority, Schema.CaCertificate, digest, at)),
        ];
        IReadOnlyList<Certificate> certificates = [.. leaves.Select(l => Certificate.Read(files.Read(l.Digest)))];
        var keys = KeysOf(certificates);
        foreach (var certificate in certificates)
        {
            if (ObjectionToCertificate(certificate, keys) is { } no)
                return no;
        }
        var pairs = TakePairs(publication.CrossCertificatePairs, keys);
        if (pairs.IsRefused(out var wrongPair, out var taken))
            return wrongPair;
        var lists = new RevocationListPolicy(names, files, keys, at)
            .Take(publication.Crls, [.. present.Leaves.Where(l => l.List is not null)]);
        return lists.IsRefused(out var wrongList, out var current)
            ? wrongList
            : new Shelf(present.Version + 1, at, [.. leaves, .. taken, .. current]);
    }

    /// <summary>The governor's keys of all generations: those that sign themselves.</summary>
    private static List<PublicKey> KeysOf(IEnumerable<Certificate> certificates) =>
        [.. certificates.Where(c => c.IsSignedBy(c.PublicKey)).Select(c => c.PublicKey)];

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
    private Outcome<List<Leaf>> TakePairs(IReadOnlyList<string>? pairs, List<PublicKey> keys)
    {
        if (pairs is null)
            return present.Of(Schema.CrossPair).ToList();
        foreach (var digest in pairs)
        {
            if (ObjectionToPair(CrossCertificatePair.Read(files.Read(digest)), keys) is { } no)
                return no;
        }
        return pairs.Distinct().Select(LeafOf).ToList();
    }

    /// <summary>What is there already stays the object it was.</summary>
    private Leaf LeafOf(string digest) => present.Of(Schema.CrossPair).FirstOrDefault(l => l.Digest == digest)
        ?? new(names.Authority, Schema.CrossPair, digest, at);

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
