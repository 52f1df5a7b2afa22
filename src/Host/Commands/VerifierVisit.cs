using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Host.Commands;

/// <summary>Somebody at the door of the verifiers' room. 署名検証者 (CPS 1-3-1(9), 4-4-4-3)</summary>
internal sealed class VerifierVisit(SandboxClient sandbox)
{
    /// <summary>Gives notice, signs the agreement, is admitted by the sandbox's CA manager.</summary>
    /// <exception cref="Host.RefusedException">One of them is not as it should be.</exception>
    public async Task<AdmissionAnswer> BeAdmitted(string name, ECDsa key)
    {
        var door = sandbox.Anybody(sandbox.Endpoints.Verifiers);
        var receipt = await Send<VerifierReceipt>(door, "notifications", new VerifierNotification
        {
            Name = name,
            Kind = VerifierKind.AdministrativeOrgan,
            Purpose = "検証用サンドボックスにおける電子証明書の有効性の確認",
            CertificationRequest = CertificationRequest.Create(
                X509.Name.Of(("CN", name)), PublicKey.From(key), SignatureAlgorithm.EcdsaSha256,
                hash => key.SignHash(hash.ToArray(), DSASignatureFormat.Rfc3279DerSequence)),
        });
        await Send<VerifierReceipt>(
            door, "agreements", new SignedAgreement(receipt.Id, Signature(key, receipt.Agreement)));
        await new ConsoleVisit(sandbox).Do(Duties.AdmitVerifiers, "admission", new AdmissionOrder(receipt.Id));
        var at = await sandbox.Now();
        return await Send<AdmissionAnswer>(door, "credentials", new CredentialsRequest(
            receipt.Id, at, Signature(key, CredentialsRequest.TextOf(receipt.Id, at))));
    }

    private static Task<T> Send<T>(HttpClient door, string path, object form) =>
        SandboxClient.Read<T>(door.PostAsJsonAsync(path, form, FormJson.Options));

    private static byte[] Signature(ECDsa key, string text) => key.SignData(
        Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
