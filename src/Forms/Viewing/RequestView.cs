using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>A PKCS#10 request, for people.</summary>
internal static class RequestView
{
    public static ViewLine Of(CertificationRequest request, ViewOptions options)
    {
        Sheet sheet = new(options);
        sheet.Try(s =>
        {
            NameView.AddName(s, "subject", request.Subject);
            NameView.AddMunicipality(s, request.Subject);
            CertificateView.AddKey(s, request.PublicKey);
            CertificateView.AddAlgorithm(s, request.Algorithm);
            s.Add("possession", request.IsSelfSigned
                ? s.Say("あり（自らの鍵で署名されている）", "yes: signed with its own key")
                : s.Say("なし", "none"));
            ExtensionView.AddAll(s, request.RequestedExtensions);
            CertificateView.AddFingerprints(s, request.Der.Span);
        });
        return new("certificationRequest", sheet.Say(Labels.Of("certificationRequest")), null) { Lines = sheet.Lines };
    }
}
