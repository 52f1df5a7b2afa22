namespace Jpki.X509.Paths;

/// <summary>What is known of one certificate's revocation.</summary>
internal enum Status
{
    /// <summary>Nothing that is there speaks of it.</summary>
    Silent,

    /// <summary>Something speaks of it, but not so that one could rely on it.</summary>
    Undetermined,
    Good,
    Revoked,
}

/// <summary>A status, and why it is not better.</summary>
internal sealed record Finding(Status Status, Objection? Objection)
{
    public static Finding Good { get; } = new(Status.Good, null);
}

/// <summary>
/// The revocation of every certificate of a path. CRLs are asked first, then OCSP answers. "Revoked" from any usable
/// source wins, whatever is newer: a revocation is not taken back. Else one usable source that says "good" is enough.
/// 失効確認
/// </summary>
internal sealed class Revocation(PathPool pool, PathQuestion question, Work work, CrlIssuers issuers)
{
    private readonly Dictionary<(Digest Certificate, PublicKey IssuerKey), Finding> findings = [];
    private readonly CrlCheck crls = new(pool, question, work, issuers);
    private readonly OcspCheck ocsp = new(pool, question, work);

    /// <summary>The first certificate of the path that stands in the way, by its place; null when none does.</summary>
    public (int Index, Objection Objection)? Check(FoundPath path)
    {
        for (var i = 1; i < path.Certificates.Count; i++)
        {
            if (Objection(path, i) is { } objection)
                return (i, objection);
        }
        return null;
    }

    private Objection? Objection(FoundPath path, int index)
    {
        var certificate = path.Certificates[index];
        if (!findings.TryGetValue((certificate.Digest, path.Keys[index - 1]), out var finding))
        {
            finding = Find(path, index);
            findings[(certificate.Digest, path.Keys[index - 1])] = finding;
        }
        return finding.Status switch
        {
            Status.Good => null,
            Status.Silent when question.Revocation == RevocationMode.IfPresent => null,
            _ => work.Exhausted ?? finding.Objection,
        };
    }

    private Finding Find(FoundPath path, int index)
    {
        var byCrl = crls.Find(path, index);
        if (byCrl.Status == Status.Revoked || pool.Answers.Count == 0)
            return byCrl;
        var byOcsp = ocsp.Find(path, index);
        return byOcsp.Status > byCrl.Status ? byOcsp : byCrl;
    }
}
