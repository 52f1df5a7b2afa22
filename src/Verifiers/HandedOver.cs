using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.Verifiers;

/// <summary>
/// What of the verifiers' books another organisation is given: who gave notice, agreed and was admitted. Who is
/// admitted stays so, and fetches a new password and certificate with the key of his notice. (CPS 4-18, 4-4-4-3)
/// </summary>
public static class HandedOver
{
    /// <summary>In the order in which they can be read.</summary>
    public static ImmutableArray<HandedTable> Tables { get; } =
    [
        new("verifier",
            "id name kind purpose request* state notified_at agreement_signature* agreed_at admitted_at admitted_by "
            + "certificate* certificate_sha256 ldap_dn approval collected_at ended_at ended_by ended_why end_approval",
            "id"),
        // The successor's own list begins at 1.
        new("admission_version", "only_row version", "only_row", IsTaken: false),
    ];

    /// <summary>Makes a row of the predecessor's one of ours.</summary>
    public static void Amend(IDictionary<string, object?> verifier, RandomNumberGenerator random)
    {
        // Of an operations CA that nobody believes any more; its digest still admits what it signs (RFC 6960, 4.1.1).
        verifier.Remove("certificate");
        var nobodys = new byte[24];
        random.GetBytes(nobodys);
        if (verifier["state"] is 2L)
            verifier["ldap_password_hash"] = PasswordHash.Create(Convert.ToHexString(nobodys), random);
    }
}
