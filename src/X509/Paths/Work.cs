namespace Jpki.X509.Paths;

/// <summary>
/// Meters one question's work. When a limit is reached every further check fails, and so the search ends.
/// </summary>
internal sealed class Work(WorkLimits limits, SignatureMemory memory, TimeProvider clock)
{
    /// <summary>Objections kept for the answer.</summary>
    private const int MaxTried = 48;

    private readonly long start = clock.GetTimestamp();
    private int comparisons;

    public WorkLimits Limits => limits;

    public int SignatureChecks { get; private set; }

    /// <summary>Which limit was reached.</summary>
    public Objection? Exhausted { get; private set; }

    public List<Objection> Tried { get; } = [];

    public bool IsExhausted => Exhausted is not null || IsLate();

    public void Note(Objection objection)
    {
        if (Tried.Count < MaxTried)
            Tried.Add(objection);
    }

    public bool IsSigned(Facts certificate, PublicKey key) =>
        memory.Find(certificate.Digest, key) ?? Check(certificate.Digest, key, certificate.Certificate.IsSignedBy);

    public bool IsSigned(CrlFacts crl, PublicKey key) =>
        memory.Find(crl.Digest, key) ?? Check(crl.Digest, key, crl.Crl.IsSignedBy);

    public bool IsSigned(BasicOcspResponse response, PublicKey key) =>
        !IsExhausted && CountSignature() && response.IsSignedBy(key);

    /// <summary>May so many names be compared with so many constraints?</summary>
    public bool MayCompare(int names, int constraints)
    {
        var cost = (long)names * constraints;
        if (comparisons + cost <= limits.NameComparisons)
        {
            comparisons += (int)cost;
            return true;
        }
        GiveUp($"more than {limits.NameComparisons} comparisons with name constraints");
        return false;
    }

    public void GiveUp(string reason) => Exhausted ??= new("the work limit of this validator", reason);

    private bool Check(Digest signed, PublicKey key, Func<PublicKey, bool> isSignedBy)
    {
        if (IsExhausted || !CountSignature())
            return false;
        var verdict = isSignedBy(key);
        memory.Remember(signed, key, verdict);
        return verdict;
    }

    private bool CountSignature()
    {
        if (SignatureChecks == limits.SignatureChecks)
        {
            GiveUp($"more than {limits.SignatureChecks} signature checks");
            return false;
        }
        SignatureChecks++;
        return true;
    }

    private bool IsLate()
    {
        if (clock.GetElapsedTime(start) <= limits.Time)
            return false;
        GiveUp($"more than {limits.Time.TotalSeconds:0.##} seconds");
        return true;
    }
}
