using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Watch;

/// <summary>What is wrong or due at the Authority: CRLs, publication, keys, log, disk, certificates.</summary>
internal static class AuthorityFindings
{
    public static IEnumerable<Finding> Of(AuthorityWatch watch, DateTimeOffset at)
    {
        yield return CrlValidity(watch.Report, at);
        yield return NextRun(watch.Report, at);
        yield return Publication(watch.Report);
        yield return Keys(watch);
        if (!watch.IsHsm)
            yield return SoftwareKeys;
        yield return Log(watch.Report);
        yield return Disk(watch.Disk);
        foreach (var finding in Certificates(watch, at).Concat(CrossFindings.Of(watch.Cross, at)))
            yield return finding;
    }

    private static Finding SoftwareKeys { get; } = new(
        Level.Soon, "6-1-1-3", "鍵の保管", "知事の鍵はソフトウェアに保管されています。検証用であり、HSM ではありません。",
        "The governor's key is in the software key store: for the sandbox, not an HSM.",
        "本番では --hsm pkcs11:… で HSM を指定してください。");

    private static Finding CrlValidity(AuthorityReport report, DateTimeOffset at)
    {
        if (report.LastRun is not { } run)
        {
            return new(Level.Bad, "4-4-9", "失効記録の有効期間", "失効記録はまだ発行されていません。", "No CRL has been issued yet.",
                "失効記録の即時発行を申請してください。");
        }
        var left = run.NextUpdate - at;
        var level = left < Findings.CrlInDanger ? Level.Bad
            : left < Periods.CrlValidity - Periods.CrlInterval - Findings.RunIsLate ? Level.Soon : Level.Good;
        return new(
            level, "4-4-9", "失効記録の有効期間",
            left <= TimeSpan.Zero
                ? $"失効記録 {run.Number} は {JapanTime.ForPeople(run.NextUpdate)} に切れました。署名検証者は検証できません。"
                : $"失効記録 {run.Number} はあと {Hours(left)} 有効です（{JapanTime.ForPeople(run.NextUpdate)} まで）。",
            left <= TimeSpan.Zero
                ? $"CRL {run.Number} has expired: verifiers cannot verify."
                : $"CRL {run.Number} is valid for {left.TotalHours:0.0} more hours.",
            level == Level.Good ? null : "失効記録が発行されない原因を監査ログで確かめ、即時発行を申請してください。");
    }

    private static Finding NextRun(AuthorityReport report, DateTimeOffset at)
    {
        var late = at - report.NextRunDueAt;
        return late > Findings.RunIsLate
            ? new(Level.Bad, "4-4-9", "次の失効記録", $"{JapanTime.ForPeople(report.NextRunDueAt)} の定期発行が行われていません。",
                $"The run due {report.NextRunDueAt:u} has not happened.", "認証局の状態を確かめ、即時発行を申請してください。")
            : new(Level.Good, "4-4-9", "次の失効記録", $"次の定期発行は {JapanTime.ForPeople(report.NextRunDueAt)} です。",
                $"The next run is due {report.NextRunDueAt:u}.");
    }

    private static Finding Publication(AuthorityReport report) => report switch
    {
        { PublishingTrouble: { } trouble } => new(
            Level.Bad, "2-1-9", "公開", $"リポジトリに公開できません: {trouble}", $"Publication fails: {trouble}",
            "リポジトリの状態を確かめてください。公開は 5 秒ごとに自動で再試行されます。"),
        { LastRun: { PublishedAt: null } run } => new(
            Level.Soon, "2-1-9", "公開", $"失効記録 {run.Number} を公開しています。", $"CRL {run.Number} is being published."),
        _ => new(Level.Good, "2-1-9", "公開", "最新の失効記録が公開されています。", "The newest CRLs are published."),
    };

    private static Finding Keys(AuthorityWatch watch) => watch.KeyTrouble is { } trouble
        ? new(Level.Bad, "6-2-1-7", "知事の鍵", $"知事の鍵を使えません: {trouble}", $"The governor's key cannot be used: {trouble}",
            "jpki hsm doctor で HSM の状態を確かめてください。")
        : new(Level.Good, "6-2-1-7", "知事の鍵", "知事の鍵は保管場所にあります（署名は試していません）。",
            "The governor's key is in its store; no signature was tried.");

    private static Finding Log(AuthorityReport report) => report.LogIsWell
        ? new(Level.Good, "4-11-2", "監査ログ", $"監査ログは書き込めています（{report.LogSize:N0} 件）。",
            $"The log is being written ({report.LogSize:N0} entries).")
        : new(Level.Bad, "4-11-2", "監査ログ", "監査ログに書き込めません。新しい業務は停止しています。",
            "The log cannot be written; new work has stopped.", "ディスクを確かめ、認証局を再起動してください。");

    private static Finding Disk(DiskReport disk)
    {
        var free = disk.Size == 0 ? 0 : (double)disk.Free / disk.Size;
        var level = free < Findings.DiskIsFull ? Level.Bad : free < Findings.DiskIsLow ? Level.Soon : Level.Good;
        return new(
            level, "5-2-1-1(6)", "ディスク", $"認証局のディスクの空きは {free:P0}（{disk.Free / 1e9:N1} GB）です。",
            $"The Authority's disk has {free:P0} free.",
            level == Level.Good ? null : "保管期間を過ぎたデータを移し、ディスクを増やしてください。");
    }

    private static List<Finding> Certificates(AuthorityWatch watch, DateTimeOffset at)
    {
        List<Finding> ending =
        [
            .. from certificate in watch.Certificates
               let left = certificate.NotAfter - at
               where left < Findings.CertificateEndsSoon
               select Ending(certificate, left),
        ];
        return ending.Count > 0 ? ending :
        [
            new(Level.Good, "5-2-3", "運用の証明書", "60 日以内に切れる OCSP レスポンダ、装置、要員の証明書はありません。",
                "No responder's, door's or officer's certificate ends within 60 days."),
        ];
    }

    private static Finding Ending(CertificateFind certificate, TimeSpan left) => new(
        left < Findings.CertificateEndsNow ? Level.Bad : Level.Soon,
        ClauseOf(certificate.Kind), "運用の証明書",
        left <= TimeSpan.Zero
            ? $"{certificate.Bearer} の証明書は {JapanTime.ForPeople(certificate.NotAfter)} に切れました。"
            : $"{certificate.Bearer} の証明書は {(int)left.TotalDays} 日後に切れます。",
        left <= TimeSpan.Zero
            ? $"The certificate of {certificate.Bearer} ended {certificate.NotAfter:u}."
            : $"The certificate of {certificate.Bearer} ends in {(int)left.TotalDays} days.",
        certificate switch
        {
            { Kind: CertificateKind.OperationsCa } => "運用 CA の鍵と証明書を作り直す計画を立ててください。",
            { Bearer: { } bearer } when !bearer.StartsWith($"{CallerRole.Officer} ", StringComparison.Ordinal) =>
                "自動で更新されるはずのものです。装置と認証局の間の通信と、両者の監査ログを確かめてください。",
            _ when left <= TimeSpan.Zero => "要員の再登録を申請してください。",
            _ => "本人が jpki officer renew で更新してください。切れるまでは前の証明書も使えます。",
        });

    internal static Clause ClauseOf(CertificateKind kind) => kind switch
    {
        CertificateKind.OcspResponder => "1-3-2④",
        CertificateKind.ValidationServer => "1-3-2③",
        _ => "5-2-3",
    };

    private static string Hours(TimeSpan left) => left.TotalHours >= 1
        ? $"{(int)left.TotalHours} 時間" : $"{(int)left.TotalMinutes} 分";
}
