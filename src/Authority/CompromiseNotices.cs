using Jpki.Cps;

namespace Jpki.Authority;

/// <summary>What is said of a compromise, and to whom. 公表と通知 (CPS 4-4-1-3, 4-14-2)</summary>
internal static class CompromiseNotices
{
    /// <summary>For everybody.</summary>
    public static string Public(Generation generation, CompromiseRow row) =>
        $"埼玉県知事の秘密鍵（第 {generation.Number} 世代、鍵識別子 {KeyIdentifier(generation)}）が危殆化したため、"
        + $"{JapanTime.ForPeople(row.At)} に、この鍵で署名したすべての電子証明書を失効しました。新しい鍵による発行の再開はこのサイトでお知らせします。 "
        + $"The governor's key of generation {generation.Number} is compromised. Every certificate signed with it was "
        + $"revoked on {row.At:u}. Do not trust the self-signed certificate {generation.Certificate.Serial}.";

    /// <summary>For the bridge CA, which must revoke the certificate it gave this key.</summary>
    public static string Bridge(Generation generation, CompromiseRow row, PrefectureNames names) =>
        $"""
        個人認証ブリッジ認証局 御中

        秘密鍵の危殆化について（通知） 運用規程 4-14-2

        認証局            {names.Authority}
        鍵の世代          第 {generation.Number} 世代
        鍵識別子          {KeyIdentifier(generation)}
        自己署名証明書    {generation.Certificate.Serial}
        危殆化の確認      {JapanTime.ForPeople(row.At)}
        事由              {row.Why}
        指示・作業        {row.Officers}

        上記の鍵に対して発行された相互認証証明書の失効（cACompromise）をお願いします。
        この鍵で署名したすべての電子証明書及び相互認証証明書は失効済みです。

        Our key above is compromised. Please revoke every cross certificate issued to it, with reason cACompromise.
        """;

    private static string KeyIdentifier(Generation generation) =>
        Convert.ToHexString(generation.PublicKey.KeyIdentifier);
}
