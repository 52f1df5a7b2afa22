using System.Collections.Immutable;
using System.Formats.Asn1;
using Jpki.Cps;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// What of the Authority's books another organisation is given when it takes over, and what it makes of it. No key is
/// among it, nor what only a key of ours can read: holders' digests are made anew. 引継ぎ (CPS 4-18)
/// </summary>
public static class HandedOver
{
    /// <summary>In the order in which they can be read: what is referred to comes first.</summary>
    public static ImmutableArray<HandedTable> Tables { get; } =
    [
        new("generation", "generation key_label certificate* created_at next_counter used_from", "generation"),
        new("certificate",
            "generation counter kind state municipality subject key_digest* notice_id notice* signature* "
            + "not_before not_after der* revoked_at reason serial", "generation, counter"),
        new("certificate_tally", "kind issued revoked", "kind"),
        new("status_change", "position generation counter reason at", "position"),
        new("revocation", "notice_id generation counter position source form* signature*", "notice_id"),
        new("crl_run", "number this_update next_update why published_at", "number"),
        new("crl", "number generation scope entries der* sha256", "number, generation, scope"),
        new("cross_issued", "generation counter partner papers receipt", "generation, counter"),
        new("cross_accepted", "approval serial partner der* papers accepted_at ended_at receipt", "approval"),
        new("cross_refused", "approval what clause reason papers at", "approval"),
        new("compromise", "generation declared_at officers why", "generation"),
        new("compromise_step", "generation step at result", "generation, step"),
        new("register_event_list", "notice_id terminal at form* signature* report", "notice_id"),
        // The successor has an inner network and officers of its own.
        new("operations_certificate", "serial role id not_after der* revoked_at reason", "serial", IsTaken: false),
        new("operations_crl", "number this_update next_update why revoked der*", "number", IsTaken: false),
        new("approval", "id duty body used_at", "id", IsTaken: false),
    ];

    /// <summary>Makes a row of the predecessor's one of ours.</summary>
    /// <param name="folder">The Authority's, where its own secrets are or will be.</param>
    /// <param name="table">Whose row it is.</param>
    /// <param name="random">For secrets that are not there yet.</param>
    /// <param name="at">When it was handed over.</param>
    /// <exception cref="FormatException">What comes back throws it for a certificate that is none.</exception>
    public static Action<IDictionary<string, object?>>? Amend(
        string folder, HandedTable table, System.Security.Cryptography.RandomNumberGenerator random,
        DateTimeOffset at)
    {
        if (table.Name == "generation")
            return row => row["handed_over_at"] = at.ToUnixTimeSeconds();
        if (table.Name != "certificate")
            return null;
        using var keys = KeyRing.Open(folder, random);
        HolderDigest holders = new(keys.HolderKey);
        return row =>
        {
            if (row["kind"] is (long)CertificateKind.Resident && row.TryGetValue("der", out var der))
                row["holder"] = Holder(holders, (byte[])der!);
        };
    }

    private static byte[] Holder(HolderDigest holders, byte[] der)
    {
        try
        {
            return holders.Of(Certificate.Read(der));
        }
        catch (AsnContentException e)
        {
            throw new FormatException($"certificate: one of a resident cannot be read: {e.Message}", e);
        }
    }
}
