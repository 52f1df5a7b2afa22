using System.Globalization;
using System.Net;
using System.Text;
using Jpki.Cps;

namespace Jpki.Hsm.Ceremonies;

/// <summary>A ceremony's record as a page to print, sign by hand and file. 実施記録</summary>
public static class RecordPage
{
    /// <param name="record">What happened.</param>
    /// <param name="checkpoint">The log's signed head after the record was sealed in it.</param>
    public static string Html(CeremonyRecord record, string checkpoint)
    {
        StringBuilder steps = new();
        foreach (var (i, step) in record.Steps.Index())
        {
            steps.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{i + 1}</td><td>{Text(step.Japanese)}<br><small>{Text(step.English)}</small>
                <br><small>{Text(string.Join(" → ", step.Reached))}</small></td>
                <td>{When(step.At)}</td><td>{Text(step.Result)}</td></tr>

                """);
        }
        return $"""
            <!DOCTYPE html>
            <html lang="ja"><head><meta charset="utf-8"><title>{Text(record.Title)}</title>
            <style>{Style}</style></head><body>
            <h1>{Text(record.Title)}</h1>
            <p>鍵の儀式の実施記録 <small>Record of a key ceremony</small>{(record.IsDryRun ? " <b>予行 DRY RUN</b>" : "")}</p>
            <table>
            <tr><th>手順書 SHA-256</th><td class="code">{record.Digest}</td></tr>
            <tr><th>この記録 SHA-256</th><td class="code">{Ceremony.DigestOf(record)}</td></tr>
            <tr><th>日時 from – to</th><td>{When(record.BeganAt)} – {When(record.EndedAt)}</td></tr>
            <tr><th>結果 result</th><td><b>{Text(record.Result)}</b></td></tr>
            </table>
            <table><tr><th></th><th>手順 step</th><th>日時 at</th><th>結果 result</th></tr>
            {steps}</table>
            <table class="signatures"><tr><th>役割 role</th><th>識別 id</th><th>署名 signature</th></tr>
            {Row("認証局管理責任者（指示） CA manager", record.InstructedBy)}
            {string.Concat(record.SeniorOperators.Select(id => Row("上級操作員 senior operator", id)))}
            {string.Concat(record.Custodians.Select(id => Row("秘密鍵管理者 key custodian", id)))}
            {Row("立会人 witness", record.Witness)}</table>
            <p>封印された記録の先端 <small>signed head of the sealed log</small></p>
            <pre>{Text(checkpoint)}</pre>
            </body></html>
            """;
    }

    private const string Style = """
        @page { size: A4; margin: 18mm 16mm; }
        body { font-family: "BIZ UDGothic", "Noto Sans CJK JP", sans-serif; font-size: 10pt; line-height: 1.5; }
        h1 { font-size: 15pt; margin: 0; }
        table { border-collapse: collapse; width: 100%; margin: 4mm 0; }
        th, td { border: 0.3pt solid #444; padding: 1.5mm 2mm; text-align: left; vertical-align: top; }
        tr { break-inside: avoid; }
        .signatures td { height: 9mm; }
        .signatures td:last-child { width: 45%; }
        .code, pre { font-family: monospace; font-size: 8pt; word-break: break-all; white-space: pre-wrap; }
        """;

    private static string Row(string role, string id) => $"<tr><td>{role}</td><td>{Text(id)}</td><td></td></tr>";

    /// <summary>Japanese time, as the people at the table read it.</summary>
    private static string When(DateTimeOffset at) =>
        at.ToOffset(JapanTime.Offset).ToString("yyyy-MM-dd HH:mm:ss 'JST'", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
