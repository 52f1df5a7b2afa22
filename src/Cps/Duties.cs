using System.Collections.Immutable;

namespace Jpki.Cps;

/// <summary>A piece of work and the roles it belongs to. 職務</summary>
public sealed record Duty(Clause Clause, ImmutableArray<Role> Roles)
{
    /// <summary>Null when the role may do it.</summary>
    public Refusal? ObjectionTo(Role role) => Roles.Contains(role)
        ? null
        : new Refusal(Clause, $"this is work of {string.Join(" or ", Roles)}, not of {role}");
}

/// <summary>Who does what at the Authority. 職務権限の分離 (CPS 5-2-1-1, 5-2-2)</summary>
public static class Duties
{
    public static readonly Duty WatchTheSystem  = new("5-2-1-1(6)", [Role.CaManager, Role.SeniorOperator]);
    public static readonly Duty IssueCrlsNow    = new("5-2-1-1(6)", [Role.SeniorOperator]);
    public static readonly Duty RevokeExOfficio = new("5-2-1-1(6)", [Role.CaManager, Role.SeniorOperator]);
    public static readonly Duty AdmitVerifiers  = new("5-2-1-1(1)", [Role.CaManager]);
}
