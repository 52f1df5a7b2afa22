namespace Jpki.ControlRoom.Watch;

/// <summary>What the other rooms say of themselves, and how far the responders and the counters are behind.</summary>
internal static class RoomFindings
{
    public static IEnumerable<Finding> Of(SystemState state)
    {
        foreach (var answer in state.Rooms)
        {
            yield return Health(answer);
            if (answer.Health?.FeedPosition is { } position && state.Authority is { } authority)
                yield return Lag(answer.Room, authority.Report.FeedPosition - position);
            if (answer.Health?.Waiting is { } waiting)
                yield return Outbox(answer.Room, waiting, answer.Health.WaitingSince, answer.Health.Now);
        }
    }

    private static Finding Health(RoomAnswer answer) => answer switch
    {
        { Health: null } => new(
            Level.Bad, "5-2-1-1(6)", answer.Room, $"{answer.Room}が応答しません: {answer.Silence}",
            $"{answer.Room} does not answer.", "プロセスとネットワークを確かめてください。"),
        { Health.Trouble: { } trouble } => new(
            Level.Bad, "5-2-1-1(6)", answer.Room, $"{answer.Room}に異常があります: {trouble}",
            $"{answer.Room} is in trouble: {trouble}", "監査ログと装置の状態を確かめてください。"),
        { Health.Remark: { } remark } => new(
            Level.Soon, "5-2-1-1(6)", answer.Room, $"{answer.Room}は動いていますが、注意が要ります: {remark}",
            $"{answer.Room} works, but: {remark}", "監査ログと装置の状態を確かめてください。"),
        _ => new(
            Level.Good, "5-2-1-1(6)", answer.Room, $"{answer.Room}は正常に応答しています。", $"{answer.Room} answers well."),
    };

    private static Finding Lag(string room, long behind)
    {
        var level = behind >= Findings.ResponderLagsBadly ? Level.Bad
            : behind >= Findings.ResponderLags ? Level.Soon : Level.Good;
        return new(
            level, "4-4-4-2", $"{room}の追従",
            level == Level.Good
                ? $"{room}はすべての失効情報を反映しています。"
                : $"{room}は失効情報 {behind:N0} 件を反映していません。",
            level == Level.Good ? $"{room} knows every change." : $"{room} is {behind:N0} changes behind.",
            level == Level.Good ? null : "数秒後も変わらなければ、認証局との接続を確かめてください。");
    }

    private static Finding Outbox(string room, long waiting, DateTimeOffset? since, DateTimeOffset now)
    {
        var age = since is { } oldest ? now - oldest : TimeSpan.Zero;
        var level = age > Findings.NoticeWaitsTooLong ? Level.Bad
            : age > Findings.NoticeWaitsLong ? Level.Soon : Level.Good;
        return new(
            level, "4-2-1①", $"{room}の通知",
            waiting == 0
                ? "認証局への通知はすべて届いています。"
                : $"認証局への通知 {waiting:N0} 件が応答を待っています（最も古いものは {(int)age.TotalMinutes} 分前）。",
            waiting == 0
                ? "Every notice has been answered."
                : $"{waiting:N0} notices wait, the oldest {age.TotalMinutes:0} min.",
            level == Level.Good ? null : "認証局の扉とネットワークを確かめてください。通知は失われず、再送されます。");
    }
}
