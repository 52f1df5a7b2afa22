using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>What a cross certificate would say otherwise if it were issued now. (CPS 4-9(3)(4))</summary>
internal static class CrossChanges
{
    /// <summary>Of one we gave: key, algorithm, and every extension that the profile would fill otherwise.</summary>
    public static IReadOnlyList<string> OfOurs(Certificate ours, IssuingAuthority now)
    {
        List<string> changes = [];
        if (!ours.IsSignedBy(now.SelfSigned.PublicKey))
            changes.Add("知事の鍵 the governor's key");
        if (!ours.Issuer.Equals(now.Names.Authority))
            changes.Add("知事の職名 the governor's title");
        if (ours.Algorithm != now.Algorithm)
            changes.Add("署名アルゴリズム the signature algorithm");
        var anew = CertificateContents.Cross(
            now, new(ours.Serial, new(ours.NotBefore, ours.NotAfter), ours.PublicKey), ours.Subject);
        // The mappings were agreed on for this certificate; the key identifier goes with the key.
        changes.AddRange(anew.Extensions
            .Where(e => e.Oid is not (Oids.PolicyMappings or Oids.AuthorityKeyIdentifier))
            .Where(e => ours.Find(e.Oid) is not { } old || !old.Value.Span.SequenceEqual(e.Value.Span))
            .Select(e => $"拡張 extension {e.Oid}"));
        return changes;
    }

    /// <summary>Of one they gave: our key, our name, our policy, and the key that signs it.</summary>
    /// <param name="theirs">What they gave.</param>
    /// <param name="now">What we are.</param>
    /// <param name="ours">What we gave them last; null when nothing counts any more.</param>
    public static IReadOnlyList<string> OfTheirs(Certificate theirs, IssuingAuthority now, Certificate? ours)
    {
        List<string> changes = [];
        if (!theirs.PublicKey.Equals(now.SelfSigned.PublicKey))
            changes.Add("知事の鍵 the governor's key");
        if (!theirs.Subject.Equals(now.Names.Authority))
            changes.Add("知事の職名 the governor's title");
        if (CrossPolicy.PolicyIsNotOurs(theirs, now.Names.Policies) is not null)
            changes.Add("証明書ポリシー the policy");
        if (ours is not null && !theirs.IsSignedBy(ours.PublicKey))
            changes.Add("個人認証 BCA の鍵 the bridge CA's key");
        return changes;
    }
}
