namespace Jpki.Repository;

/// <summary>What those hear who are not admitted to residents' revocation lists. (CPS 2-6-3)</summary>
internal static class Restriction
{
    /// <summary>The name of the act in the log. (CPS 4-11-2)</summary>
    internal const string Act = "validity check by CRL";

    private const string Reason =
        "certificateRevocationList is for admitted verifiers (CPS 2-6-3): bind over StartTLS or ldaps with the name "
        + "and password given on admission (CPS 4-4-4-5)";

    /// <summary>It was all that was asked for.</summary>
    internal static LdapResult Refused { get; } = new(ResultCode.InsufficientAccessRights, Reason);

    /// <summary>It was left out among other things.</summary>
    internal static LdapResult LeftOut { get; } = new(ResultCode.Success, Reason);
}
