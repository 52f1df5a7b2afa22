namespace Jpki.X509.Paths;

/// <summary>
/// Why a path, or one step of it, is refused: the rule's section, what is wrong, and with which certificate.
/// The section is a standard's, for example <c>RFC 5280 6.1.3(a)(2)</c>.
/// </summary>
public sealed record Objection(string Section, string Reason)
{
    /// <summary>Null when no single certificate is to blame.</summary>
    public Certificate? About { get; init; }

    /// <summary>For people and for logs: by serial number and issuer, never by the subject's name.</summary>
    public override string ToString() => About is null
        ? $"{Reason} ({Section})"
        : $"certificate {About.Serial} of {About.Issuer}: {Reason} ({Section})";
}
