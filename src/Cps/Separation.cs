using System.Collections.Immutable;

namespace Jpki.Cps;

/// <summary>Two roles that one person cannot hold together, and why.</summary>
public sealed record Incompatible(Role One, Role Other, string Why);

/// <summary>
/// Which roles exclude each other. The statement asks that the work be separated and leaves the table to the site's
/// rules; this is ours. 権限の分離 (CPS 5-2-2①)
/// </summary>
public static class Separation
{
    private const string Inspects = "監査する者は監査される業務をしない";
    private const string Instructs = "指示し結果を確認する者は作業をしない";
    private const string TwoLocks = "HSM を開ける者と鍵を活性化する者は別人である";
    private const string Stages = "受付、審査、承認は別人が行う";
    private const string Decides = "申請を扱う者は証明書を発行しない";
    private const string Checks = "作業を指示し確認する者と作業する者は別人である";
    private const string Counter = "市町村の職員は認証局の要員を兼ねない";

    public static ImmutableArray<Incompatible> Table { get; } =
    [
        .. Against(Role.InternalAuditor, Inspects),
        .. Against(Role.CounterOfficer, Counter).Where(i => i.Other != Role.InternalAuditor),
        .. Against(Role.CaManager, Instructs).Where(i => i.Other is not (Role.InternalAuditor or Role.CounterOfficer)),
        new(Role.KeyCustodian,       Role.SeniorOperator, TwoLocks),
        new(Role.Receptionist,       Role.Examiner,       Stages),
        new(Role.Receptionist,       Role.Approver,       Stages),
        new(Role.Examiner,           Role.Approver,       Stages),
        new(Role.Receptionist,       Role.SeniorOperator, Decides),
        new(Role.Examiner,           Role.SeniorOperator, Decides),
        new(Role.Approver,           Role.SeniorOperator, Decides),
        new(Role.RepositoryOperator, Role.SeniorOperator, Checks),
        new(Role.GeneralOperator,    Role.SeniorOperator, Checks),
    ];

    /// <summary>Why one person cannot hold these roles together; null when he can.</summary>
    public static Refusal? Objection(IReadOnlyCollection<Role> roles) =>
        Table.FirstOrDefault(i => roles.Contains(i.One) && roles.Contains(i.Other)) is { } no
            ? new("5-2-2①", $"{no.One.Japanese()}と{no.Other.Japanese()}は兼ねられません（{no.Why}）")
            : null;

    private static IEnumerable<Incompatible> Against(Role one, string why) =>
        Enum.GetValues<Role>().Where(r => r != one).Select(other => new Incompatible(one, other, why));
}
