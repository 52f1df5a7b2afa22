using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>What an applicant comes for. 申請の種類</summary>
public enum ApplicationKind
{
    /// <summary>新規発行 (CPS 3-1)</summary>
    New,

    /// <summary>更新: a new key pair and certificate in place of one that is about to end. (CPS 3-2)</summary>
    Renewal,

    /// <summary>失効後の再発行 (CPS 3-3)</summary>
    Reissue,
}

/// <summary>Which kind of application is open to whom, by the certificates that the counter handed out.</summary>
internal static class ApplicationKinds
{
    /// <summary>
    /// Known before the key pair is made: that step wipes the card, which may hold the live certificate's key.
    /// </summary>
    /// <param name="kind">What the paper asks for.</param>
    /// <param name="held">All of this person's certificates.</param>
    /// <param name="now">When it is asked for.</param>
    /// <param name="renewalMonths">How long before its end a certificate is renewed.</param>
    public static Refusal? Objection(
        ApplicationKind kind, IReadOnlyList<HeldCertificate> held, DateTimeOffset now, int renewalMonths)
    {
        var live = Live(held, now);
        return kind switch
        {
            ApplicationKind.Renewal when live is null =>
                Wrong("3-2", "更新できる有効な電子証明書がありません。新規発行又は失効後の再発行として受け付けてください。"),
            ApplicationKind.Renewal => FirstDay(live!, renewalMonths) is var first && JapanTime.DayOf(now) < first
                ? Wrong("3-2", $"更新は、有効期間の満了する日の{renewalMonths}か月前（{Eras.ForPeople(first)}）から受け付けます。")
                : null,
            _ when live is not null => Wrong(
                "4-2-3", "有効な電子証明書があります。更新として受け付けるか、先に失効申請を受け付けてください。"),
            ApplicationKind.Reissue when !held.Any(c => c.EndedAt is not null) =>
                Wrong("3-3", "失効した電子証明書がありません。新規発行として受け付けてください。"),
            _ => null,
        };
    }

    public static HeldCertificate? Live(IReadOnlyList<HeldCertificate> held, DateTimeOffset now) =>
        held.FirstOrDefault(c => c.IsLiveAt(now));

    private static DateOnly FirstDay(HeldCertificate live, int months) =>
        JapanTime.DayOf(live.NotAfter).AddMonths(-months);

    private static Refusal Wrong(string clause, string reason) => new(clause, reason) { Field = "applicationKind" };
}
