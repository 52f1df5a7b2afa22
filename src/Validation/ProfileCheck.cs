using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Validation;

/// <summary>
/// Whether a certificate that RFC 5280 accepts is also what its issuer's profile says that it issues. (CPS 7-1)
/// </summary>
internal static class ProfileCheck
{
    /// <summary>Null, with the kind or without, when the name is one of a kind or left out; else what is wrong.</summary>
    public static string? KindOf(string? profile, out CertificateKind? kind)
    {
        kind = null;
        if (profile is null)
            return null;
        if (!Enum.TryParse<CertificateKind>(profile, ignoreCase: true, out var known) || !Enum.IsDefined(known))
            return $"profile is one of {string.Join(", ", Enum.GetNames<CertificateKind>())}";
        kind = known;
        return null;
    }

    public static ValidationAnswer Judge(ValidationAnswer answer, Certificate target, CertificateKind kind)
    {
        if (!answer.Valid)
            return answer;
        // A weak key or hash is a warning to an issuer with old data, and a reason enough to a verifier.
        Finding[] objections = [.. Linter.Certificate(target, kind).Where(f => f.Level != LintLevel.Notice)];
        return objections.Length == 0 ? answer : answer with
        {
            Valid = false,
            Policies = [],
            Reason = $"certificate {target.Serial} of {target.Issuer} is not as profile {kind} has it: "
                + string.Join("; ", objections.Select(f => $"{f.Rule}: {f.Text} ({f.Source})")),
        };
    }
}
