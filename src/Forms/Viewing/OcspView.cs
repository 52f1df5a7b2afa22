using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>OCSP questions and answers, for people.</summary>
internal static class OcspView
{
    public static ViewLine Of(OcspResponse response, ViewOptions options)
    {
        Sheet sheet = new(options);
        if (response.Basic is { } basic)
            sheet.Try(s => Fill(s, basic));
        return new("ocspResponse", sheet.Say(Labels.Of("ocspResponse")), StatusOf(sheet, response.Status))
        {
            Raw = response.Status.ToString(),
            Lines = sheet.Lines,
        };
    }

    public static ViewLine Of(OcspRequest request, ViewOptions options)
    {
        Sheet sheet = new(options);
        sheet.Try(s => Fill(s, request));
        var kind = request.Algorithm is null ? sheet.Say("署名なし", "not signed") : sheet.Say("署名あり", "signed");
        return new("ocspRequest", sheet.Say(Labels.Of("ocspRequest")), kind) { Lines = sheet.Lines };
    }

    private static void Fill(Sheet sheet, BasicOcspResponse basic)
    {
        if (basic.ResponderName is { } name)
            NameView.AddName(sheet, "responder", name);
        if (basic.ResponderKeyHash is { } key)
            sheet.AddHex("responder", key.Span);
        sheet.AddTime("producedAt", basic.ProducedAt);
        foreach (var response in basic.Responses.Take(sheet.Options.MostEntries))
            sheet.AddSection("answer", response.CertId.Serial.ToString(), inner => Fill(inner, response));
        AddOmitted(sheet, basic.Responses.Count);
        if (basic.Nonce is { } nonce)
            sheet.AddHex("nonce", nonce.Span);
        CertificateView.AddAlgorithm(sheet, basic.Algorithm);
        AddCertificates(sheet, basic.Certificates);
    }

    private static void Fill(Sheet sheet, SingleResponse response)
    {
        sheet.Add("status", StatusOf(sheet, response.Status), response.Status.ToString());
        if (response.RevokedAt is { } at)
        {
            sheet.AddTime("revokedAt", at);
            sheet.Add("reason", RevocationWords.Of(sheet, response.Reason), response.Reason is { } r ? $"{r}" : null);
        }
        sheet.AddTime("thisUpdate", response.ThisUpdate);
        if (response.NextUpdate is { } next)
            sheet.AddTime("nextUpdate", next);
        AddHashes(sheet, response.CertId);
    }

    private static void Fill(Sheet sheet, OcspRequest request)
    {
        if (request.RequestorName is { } requestor)
            NameView.AddGeneral(sheet, GeneralName.Read(requestor), "requestor");
        foreach (var asked in request.CertIds.Take(sheet.Options.MostEntries))
            sheet.AddSection("question", asked.Serial.ToString(), inner => AddHashes(inner, asked));
        AddOmitted(sheet, request.CertIds.Count);
        if (request.Nonce is { } nonce)
            sheet.AddHex("nonce", nonce.Span);
        if (request.Algorithm is { } algorithm)
            CertificateView.AddAlgorithm(sheet, algorithm);
        AddCertificates(sheet, request.Certificates);
    }

    private static void AddHashes(Sheet sheet, CertId id)
    {
        var algorithm = sheet.Say(OidNames.Of(id.HashAlgorithm));
        sheet.Add("issuerNameHash", $"{algorithm} {Printable.Hex(id.IssuerNameHash.Span)}");
        sheet.Add("issuerKeyHash", $"{algorithm} {Printable.Hex(id.IssuerKeyHash.Span)}");
    }

    private static void AddOmitted(Sheet sheet, int count)
    {
        if (count - sheet.Options.MostEntries is > 0 and var omitted)
            sheet.Add("omitted", sheet.Say($"ほか{omitted}件", $"{omitted} more"));
    }

    private static void AddCertificates(Sheet sheet, IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        foreach (var der in certificates)
            sheet.Try(s => s.Add(CertificateView.Of(Certificate.Read(der), s.Options)));
    }

    private static string StatusOf(Sheet sheet, CertStatus status) => status switch
    {
        CertStatus.Good => sheet.Say("有効 (good)", "good"),
        CertStatus.Revoked => sheet.Say("失効 (revoked)", "revoked"),
        _ => sheet.Say("不明 (unknown)", "unknown"),
    };

    private static string StatusOf(Sheet sheet, OcspResponseStatus status) => status switch
    {
        OcspResponseStatus.Successful => sheet.Say("回答あり (successful)", "successful"),
        OcspResponseStatus.MalformedRequest => sheet.Say("照会の形式の誤り (malformedRequest)", "malformedRequest"),
        OcspResponseStatus.InternalError => sheet.Say("回答者の内部の誤り (internalError)", "internalError"),
        OcspResponseStatus.TryLater => sheet.Say("後で照会すること (tryLater)", "tryLater"),
        OcspResponseStatus.SigRequired => sheet.Say("照会に署名が必要 (sigRequired)", "sigRequired"),
        _ => sheet.Say("照会の権限なし (unauthorized)", "unauthorized"),
    };
}
