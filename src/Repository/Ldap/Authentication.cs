using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Forms;

namespace Jpki.Repository;

/// <summary>Who a bind says its sender is. (RFC 4513 5) アクセス権 (CPS 4-4-4-5)</summary>
internal static class Authentication
{
    private static readonly LdapResult WrongCredentials =
        new(ResultCode.InvalidCredentials, "not an admitted verifier's name and password (CPS 4-4-4-5)");

    internal static async ValueTask<(Admission? Admission, LdapResult Result)> Of(
        BindRequest request, LdapServer server, bool isConfidential, X509Certificate2? certificate)
    {
        if (request.Version != 3)
            return (null, new(ResultCode.ProtocolError, $"LDAP version {request.Version}; this is version 3"));
        if (request.Password is not { } password)
            return External(request, server, certificate);
        if (request.Name.Length == 0)
            return (null, password.Length == 0 ? LdapResult.Success : WrongCredentials);
        if (password.Length == 0) // RFC 4513 5.1.2
            return (null, new(ResultCode.UnwillingToPerform, "a name without a password proves nothing"));
        if (!isConfidential && !server.Settings.AllowPlainBind)
            return (null, new(ResultCode.ConfidentialityRequired, "use StartTLS or ldaps before sending a password"));
        return await Simple(request.Name, password, server);
    }

    private static async Task<(Admission? Admission, LdapResult Result)> Simple(
        string name, byte[] password, LdapServer server)
    {
        try
        {
            var (admission, code) = await server.Readers.ByPassword(Dn.Parse(name), BerReader.Text(password));
            return code switch
            {
                ResultCode.Success => (admission, LdapResult.Success),
                ResultCode.Busy => (null, new(code, "too many are binding at once; try again")),
                _ => (null, WrongCredentials),
            };
        }
        catch (FormatException)
        {
            return (null, WrongCredentials); // RFC 4513 5.1.3 does not want a bad name told from a wrong one
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    /// <summary>
    /// The TLS client certificate that the verifier was given for OCSP opens this shelf too. (RFC 4422 A)
    /// </summary>
    private static (Admission? Admission, LdapResult Result) External(
        BindRequest request, LdapServer server, X509Certificate2? certificate)
    {
        if (!string.Equals(request.Mechanism, "EXTERNAL", StringComparison.OrdinalIgnoreCase))
            return (null, new(ResultCode.AuthMethodNotSupported, "simple or SASL EXTERNAL"));
        if (certificate is null)
            return (null, new(ResultCode.InappropriateAuthentication, "EXTERNAL needs a TLS client certificate"));
        var admission = server.Readers.ByCertificate(certificate.GetCertHashString(HashAlgorithmName.SHA256));
        return admission is null ? (null, WrongCredentials) : (admission, LdapResult.Success);
    }
}
