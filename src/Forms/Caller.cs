using System.Security.Cryptography.X509Certificates;
using Jpki.Cps;
using Microsoft.AspNetCore.Http;

namespace Jpki.Forms;

/// <summary>What an operations certificate says its holder is.</summary>
public enum CallerRole
{
    Authority,
    Repository,
    OcspNode,
    Verifiers,
    ControlRoom,
    Counter,

    /// <summary>受付窓口端末</summary>
    Terminal,

    /// <summary>要員</summary>
    Officer,

    /// <summary>官職証明書検証サーバ</summary>
    ValidationServer,

    /// <summary>署名検証者等</summary>
    Verifier,
}

/// <summary>
/// Who stands at a TLS door: the role (OU) and the id (CN) of the client certificate that the operations CA signed.
/// </summary>
public sealed record Caller(CallerRole Role, string Id, X509Certificate2 Certificate)
{
    /// <summary>The SHA-256 of the certificate's DER, upper-case hexadecimal.</summary>
    public string CertificateSha256 =>
        Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);

    /// <summary>A terminal's id begins with its municipality's five digits.</summary>
    public string Municipality => Id[..5];

    /// <summary>The caller, or null when there is no client certificate or it names no role.</summary>
    public static Caller? Of(HttpContext http) =>
        http.Connection.ClientCertificate is { } certificate ? Of(certificate) : null;

    public static Caller? Of(X509Certificate2 certificate)
    {
        CallerRole? role = null;
        string? id = null;
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            var value = part.HasMultipleElements ? null : part.GetSingleElementValue();
            if (part.GetSingleElementType().Value == "2.5.4.11" && Enum.TryParse<CallerRole>(value, out var named))
                role = named;
            else if (part.GetSingleElementType().Value == "2.5.4.3")
                id = value;
        }
        return role is { } known && id is { Length: >= 5 } ? new(known, id, certificate) : null;
    }

    /// <summary>Lets only callers of one role through to a group of routes. (CPS 5-2-3)</summary>
    public static EndpointFilterDelegate Only(CallerRole role, EndpointFilterDelegate next) => context =>
        Of(context.HttpContext) is { } caller && caller.Role == role
            ? next(context)
            : ValueTask.FromResult<object?>(Answers.Forbidden(new Refusal("5-2-3", $"this door is for {role} only")));
}
