using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Watch;

/// <summary>
/// Which of the four reasons to renew a cross certificate has come, and which receipt is missing.
/// 相互認証証明書の更新 (CPS 4-8, 4-9)
/// </summary>
internal static class CrossFindings
{
    /// <summary>Time for papers, a connection test and both receipts. Ours: CPS 4-9 says only "near".</summary>
    public static readonly TimeSpan EndsSoon = TimeSpan.FromDays(90);

    public static readonly TimeSpan EndsNow = TimeSpan.FromDays(30);

    private const string Subject = "相互認証";

    private const string Next = "個人認証 BCA と更新の手続を始めてください（相互認証の頁の受付から）。";

    public static IEnumerable<Finding> Of(IReadOnlyList<CrossStanding> standing, DateTimeOffset at)
    {
        List<Finding> due = [.. standing.SelectMany(s => Of(s, at))];
        return due.Count > 0 || standing.Count == 0 ? due :
        [
            new(Level.Good, "4-9", Subject, "更新の要る相互認証証明書はありません。", "No cross certificate is due for renewal."),
        ];
    }

    private static IEnumerable<Finding> Of(CrossStanding standing, DateTimeOffset at)
    {
        var left = standing.NotAfter - at;
        if (!standing.HasReceipt)
        {
            yield return new(
                Level.Soon, "4-8", Subject, $"{Japanese(standing)}の受領書がまだ綴じられていません（4-8）。",
                $"The receipt of {char.ToLowerInvariant(English(standing)[0])}{English(standing)[1..]} is not filed: "
                + "its pair is not published.",
                "受領書の番号と日付を、相互認証の頁のその申請に綴じてください。");
        }
        if (left < EndsSoon)
        {
            yield return new(
                left < EndsNow ? Level.Bad : Level.Soon, "4-9", Subject,
                $"{Japanese(standing)}は {JapanTime.ForPeople(standing.NotAfter)} に切れます"
                + $"（4-9({(standing.IsOurs ? 2 : 1)})）。",
                $"{English(standing)} ends {standing.NotAfter:u}.", Next);
        }
        if (standing.Changes.Count > 0)
        {
            yield return new(
                Level.Soon, "4-9", Subject,
                $"{Japanese(standing)}の記載内容が変わります（4-9({(standing.IsOurs ? 4 : 3)})）: "
                + string.Join("、", standing.Changes),
                $"{English(standing)} would say otherwise now.", Next);
        }
    }

    private static string Japanese(CrossStanding standing) => standing.IsOurs
        ? $"個人認証 BCA に発行した相互認証証明書 {standing.Serial} "
        : $"個人認証 BCA から発行された相互認証証明書 {standing.Serial} ";

    private static string English(CrossStanding standing) => standing.IsOurs
        ? $"The cross certificate {standing.Serial} given to the bridge CA"
        : $"The cross certificate {standing.Serial} that the bridge CA gave us";
}
