using System.Collections.Immutable;
using Jpki.Ledger;

namespace Jpki.ControlRoom;

/// <summary>
/// What of the control room's books another organisation is given: the registers go on, the rest stays as papers of
/// who did what. Passwords, one-time codes and sessions are nobody's but their owners'. 帳簿の引渡し (CPS 4-18)
/// </summary>
public static class HandedOver
{
    /// <summary>In the order in which they can be read.</summary>
    public static ImmutableArray<HandedTable> Tables { get; } =
    [
        new("register_entries",
            "id number first series year running kind dated written_at written_by sha256 file_sha256 once body", "id"),
        new("register_files", "entry octets*", "entry"),
        new("register_chains", "first latest series year dated words due_on keep_until disposed_on", "first"),
        new("register_volumes", "series year", "series, year"),
        new("register_checks", "entry series volume year", "entry"),
        Paper("officer",
            "id staff_number name roles state registration certificate* certificate_sha256 key_sha256 "
            + "certificate_ends_at former_sha256 former_ends_at", "id"),
        Paper("instruction", "id duty state given_by given_at act body", "id"),
        Paper("act",
            "id kind order_json state proposed_by proposed_at expires_at instruction result", "id"),
        Paper("consent", "act officer roles certificate_sha256 at", "act, officer"),
        Paper("log_inspection", "number room first last officer at is_well finding", "number"),
        // Its file holds the hashes of passwords; its record tells who, when, what and the file's digest.
        Paper("ceremony", "id title approved_at digest record* recorded_by", "id"),
        Paper("cross_case", "id work subject requester_proof connection_test state answer receipt", "id"),
        Paper("cross_stage", "case_id stage officer finding at", "case_id, stage"),
    ];

    /// <summary>Tables that stay behind.</summary>
    public static ImmutableArray<string> Kept { get; } = ["former_password", "session", "register_imports"];

    private static HandedTable Paper(string name, string columns, string order) =>
        new(name, columns, order, IsTaken: false);
}
