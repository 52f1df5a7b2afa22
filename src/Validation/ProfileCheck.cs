using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.X509;

namespace Jpki.Validation;

/// <summary>
/// Whether a certificate that RFC 5280 accepts is also what its issuer's profile says that it issues. (CPS 7-1)
/// </summary>
internal static class ProfileCheck
{
    /// <summary>The kind of that name, in any case of letters; null when there is none.</summary>
    public static CertificateKind? KindOf(string profile) =>
        Enum.TryParse<CertificateKind>(profile, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null;

    /// <summary>Null when the certificate keeps the profile, or none was asked for.</summary>
    public static string? Objection(Certificate target, string? profile)
    {
        if (profile is null || KindOf(profile) is not { } kind)
            return null;
        // A weak key or hash is a warning to an issuer with old data, and a reason enough to a verifier.
        Finding[] findings = [.. Linter.Certificate(target, kind).Where(f => f.Level != LintLevel.Notice)];
        return findings.Length == 0 ? null
            : $"certificate {target.Serial} of {target.Issuer} is not as profile {kind} has it: "
                + string.Join("; ", findings.Select(f => $"{f.Rule}: {f.Text} ({f.Source})"));
    }
}
