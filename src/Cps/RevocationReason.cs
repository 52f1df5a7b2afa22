namespace Jpki.Cps;

/// <summary>
/// The five reasons of CPS 4-4-4-2, with their CRLReason codes (RFC 5280, 5.3.1). There is no sixth: certificateHold
/// and removeFromCRL cannot be said, because nothing is ever suspended (CPS 4-4-5). 失効事由
/// </summary>
public enum RevocationReason
{
    /// <summary>利用者の秘密鍵が危殆化した。</summary>
    KeyCompromise = 1,

    /// <summary>埼玉県知事の秘密鍵が危殆化した。</summary>
    CaCompromise = 2,

    /// <summary>電子証明書の記載内容に変更が生じた。</summary>
    AffiliationChanged = 3,

    /// <summary>電子証明書を更新した。</summary>
    Superseded = 4,

    /// <summary>電子証明書の必要性がなくなった。</summary>
    CessationOfOperation = 5,
}

/// <summary>The reasons' names, spelled as RFC 5280 spells them.</summary>
public static class RevocationReasons
{
    /// <summary>For example <c>cACompromise</c>.</summary>
    public static string ToStandardName(this RevocationReason reason) => reason switch
    {
        RevocationReason.KeyCompromise => "keyCompromise",
        RevocationReason.CaCompromise => "cACompromise",
        RevocationReason.AffiliationChanged => "affiliationChanged",
        RevocationReason.Superseded => "superseded",
        RevocationReason.CessationOfOperation => "cessationOfOperation",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>The reason of that name; null when it is none of the five.</summary>
    public static RevocationReason? Parse(string name) =>
        Enum.GetValues<RevocationReason>()
            .Cast<RevocationReason?>().FirstOrDefault(r => r!.Value.ToStandardName() == name);
}
