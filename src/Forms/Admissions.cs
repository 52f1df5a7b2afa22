namespace Jpki.Forms;

/// <summary>
/// One who may ask about residents' certificates: notified, agreed, admitted. 署名検証者等 (CPS 4-4-4-3, 4-4-4-5)
/// </summary>
public sealed record Admission
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The SHA-256 of the client certificate's DER, upper-case hexadecimal: for OCSP and LDAPS.</summary>
    public required string ClientCertificateSha256 { get; init; }

    /// <summary>The name it binds with.</summary>
    public required string LdapDn { get; init; }

    /// <summary>As <c>Jpki.Hsm.PasswordHash</c> writes it.</summary>
    public required string LdapPasswordHash { get; init; }
}

/// <summary>
/// Everybody admitted, as of a version. The Verifiers room serves it at <c>GET /admissions?after=VERSION</c>, which
/// waits up to 30 seconds for a newer version and then answers with the list as it stands.
/// </summary>
public sealed record AdmissionList(long Version, IReadOnlyList<Admission> Admitted);
