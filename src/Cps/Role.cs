namespace Jpki.Cps;

/// <summary>The nine roles of the Authority, and the municipality's officers. 要員とその役割 (CPS 5-2-1)</summary>
public enum Role
{
    /// <summary>認証局管理責任者</summary>
    CaManager = 1,

    /// <summary>秘密鍵管理者</summary>
    KeyCustodian = 2,

    /// <summary>受付担当者</summary>
    Receptionist = 3,

    /// <summary>審査担当者</summary>
    Examiner = 4,

    /// <summary>審査承認者</summary>
    Approver = 5,

    /// <summary>上級操作員</summary>
    SeniorOperator = 6,

    /// <summary>リポジトリ操作員</summary>
    RepositoryOperator = 7,

    /// <summary>一般操作員</summary>
    GeneralOperator = 8,

    /// <summary>内部監査者</summary>
    InternalAuditor = 9,

    /// <summary>市町村における要員 (CPS 5-2-1-2)</summary>
    CounterOfficer = 10,
}

/// <summary>What the roles are called where people read it.</summary>
public static class RoleNames
{
    /// <summary>As the practice statement names it.</summary>
    public static string Japanese(this Role role) => role switch
    {
        Role.CaManager          => "認証局管理責任者",
        Role.KeyCustodian       => "秘密鍵管理者",
        Role.Receptionist       => "受付担当者",
        Role.Examiner           => "審査担当者",
        Role.Approver           => "審査承認者",
        Role.SeniorOperator     => "上級操作員",
        Role.RepositoryOperator => "リポジトリ操作員",
        Role.GeneralOperator    => "一般操作員",
        Role.InternalAuditor    => "内部監査者",
        Role.CounterOfficer     => "市町村の職員",
        _                       => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
