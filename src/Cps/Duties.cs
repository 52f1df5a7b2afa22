using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Jpki.Cps;

/// <summary>A piece of work, the roles it belongs to, and how many people it takes. 職務</summary>
/// <param name="Name">One word, by which papers name it.</param>
/// <param name="Clause">Whose work it is.</param>
/// <param name="Roles">Any of these may do it.</param>
/// <param name="People">How many different people it takes. (CPS 5-2-2①)</param>
/// <param name="IsInstructed">Whether the CA manager must have instructed it first. (CPS 5-2-2②)</param>
public sealed record Duty(
    string Name, Clause Clause, ImmutableArray<Role> Roles, int People = 1, bool IsInstructed = false)
{
    /// <summary>Null when somebody with these roles may do it.</summary>
    public Refusal? ObjectionTo(params IEnumerable<Role> roles) => roles.Any(r => Roles.Contains(r))
        ? null
        : new Refusal(Clause, $"this is work of {string.Join(" or ", Roles)}, not of {string.Join(", ", roles)}");
}

/// <summary>Who does what at the Authority. 職務権限の分離 (CPS 5-2-1-1, 5-2-2)</summary>
public static class Duties
{
    public static readonly Duty WatchTheSystem     = Work("5-2-1-1(6)",  [Role.CaManager, Role.SeniorOperator]);
    public static readonly Duty InstructWork       = Work("5-2-2②",      [Role.CaManager, Role.SeniorOperator]);
    public static readonly Duty KeepRegisters      = Work("5-2-1-1(1)",  [Role.CaManager]);
    public static readonly Duty AdmitVerifiers     = Work("5-2-1-1(1)",  [Role.CaManager]);
    public static readonly Duty PlanCeremonies     = Work("5-2-1-1(1)",  [Role.CaManager]);
    public static readonly Duty HoldCeremonies     = Work("5-2-1-1(2)",  [Role.KeyCustodian], 2, instructed: true);
    public static readonly Duty ReceiveCrossPapers = Work("5-2-1-1(3)",  [Role.Receptionist]);
    public static readonly Duty ExamineCrossPapers = Work("5-2-1-1(4)",  [Role.Examiner]);
    public static readonly Duty ApproveCrossPapers = Work("5-2-1-1(5)",  [Role.Approver]);
    public static readonly Duty IssueCrossCertificate
                                                   = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty RevokeCrossCertificate
                                                   = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty IssueCrlsNow       = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2);
    public static readonly Duty RevokeExOfficio    = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty RenewAuthorityKey  = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty DeclareCompromise  = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty RevokeOtherCertificate
                                                   = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty EndAdmissions      = Work("5-2-1-1(6)",  [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty RegisterOfficers   = Work("5-2-2③",      [Role.SeniorOperator], 2, instructed: true);
    public static readonly Duty SetUpRepository    = Work("5-2-1-1(7)",  [Role.RepositoryOperator]);
    public static readonly Duty MaintainNetwork    = Work("5-2-1-1(8)",  [Role.GeneralOperator]);
    public static readonly Duty InspectLogs        = Work("5-2-1-1(9)",  [Role.InternalAuditor]);

    /// <summary>All of them, in the order of the roles' numbers.</summary>
    public static ImmutableArray<Duty> All { get; } =
    [
        WatchTheSystem, InstructWork, KeepRegisters, AdmitVerifiers, PlanCeremonies, HoldCeremonies,
        ReceiveCrossPapers, ExamineCrossPapers, ApproveCrossPapers, IssueCrossCertificate, RevokeCrossCertificate,
        IssueCrlsNow, RevokeExOfficio, RenewAuthorityKey, DeclareCompromise, RevokeOtherCertificate, EndAdmissions,
        RegisterOfficers, SetUpRepository, MaintainNetwork, InspectLogs,
    ];

    /// <summary>Null when there is no such work.</summary>
    public static Duty? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    private static Duty Work(
        Clause clause, ImmutableArray<Role> roles, int people = 1, bool instructed = false,
        [CallerMemberName] string name = "") => new(name, clause, roles, people, instructed);
}
