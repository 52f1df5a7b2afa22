using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Authority.Cmp;
using Jpki.Forms;
using Org.BouncyCastle.Asn1.Cmp;

namespace Jpki.Fuzz;

/// <summary>
/// What a terminal may send to the CMP door: the message, its protection, and its contents, which at the door a wrong
/// protection would keep from being read.
/// </summary>
public static class CmpTargets
{
    private static readonly Caller Terminal = NewTerminal();

    private static readonly CmpProtection Protection =
        new(new byte[32], () => Terminal.Certificate, RandomNumberGenerator.Create());

    public static void Read(byte[] octets)
    {
        var message = CmpMessage.Read(octets);
        _ = Protection.Objection(message, Terminal);
        switch (message.Body.Type)
        {
            case PkiBody.TYPE_REVOCATION_REQ:
                CmpNotices.OfficerOf(CmpContents.Revocation(message.Body).Extensions);
                break;
            case PkiBody.TYPE_CERT_CONFIRM:
                CmpContents.Confirmation(message.Body);
                break;
            default:
                var asked = CmpContents.Request(message.Body);
                asked.Key.IsProven();
                CmpNotices.Issuance(message, asked, Terminal, DateTimeOffset.UnixEpoch);
                break;
        }
    }

    private static Caller NewTerminal()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("OU=Terminal,CN=11201T001", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return new(CallerRole.Terminal, "11201T001", certificate);
    }
}
