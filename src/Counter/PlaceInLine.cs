using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>Where a notice stands that the governor has not answered. 送達待ちの順番</summary>
/// <param name="Position">1 is the next to be sent.</param>
/// <param name="Attempts">How often it was sent in vain.</param>
/// <param name="NextAt">When it is sent again.</param>
public sealed record PlaceInLine(int Position, int Attempts, DateTimeOffset NextAt)
{
    /// <summary>What the waiting applicant is told.</summary>
    public string Text =>
        $"申請は受け付けました。知事への通知は{Position}番目に送信を待っています（次の送信 {JapanTime.ForPeople(NextAt)}）。"
        + "送信は自動で行われ、申請が失われることや、二重に処理されることはありません。";
}
