using System.Globalization;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>What the counter calls things, on screen and on paper.</summary>
internal static class Wording
{
    /// <summary>An amount, as people read it.</summary>
    public static string Yen(int amount) => amount.ToString("#,0円", CultureInfo.InvariantCulture);

    public static string Of(ApplicationState state) => state switch
    {
        ApplicationState.Received => "受付済",
        ApplicationState.Matched => "実在性確認済",
        ApplicationState.Proven => "本人性確認済",
        ApplicationState.KeyPairMade => "鍵ペア生成済",
        ApplicationState.Waiting => "発行待ち",
        ApplicationState.Issued => "発行済",
        ApplicationState.Delivered => "交付済",
        _ => "不発行",
    };

    public static string Of(IdentityDocumentKind kind) => kind switch
    {
        IdentityDocumentKind.DrivingLicence => "運転免許証",
        IdentityDocumentKind.Passport => "旅券（パスポート）",
        IdentityDocumentKind.ResidentCard => "住民基本台帳カード（写真付き）",
        IdentityDocumentKind.ResidenceCard => "在留カード",
        IdentityDocumentKind.SpecialPermanentResidentCertificate => "特別永住者証明書",
        _ => "身体障害者手帳",
    };

    public static string Of(KeyKind kind) => kind switch
    {
        KeyKind.Rsa2048 => "RSA 2048ビット",
        KeyKind.Rsa1024 => "RSA 1024ビット",
        _ => "楕円曲線 P-256",
    };

    public static string Of(RevocationReason reason) => reason switch
    {
        RevocationReason.KeyCompromise => "秘密鍵の漏えい等",
        RevocationReason.CessationOfOperation => "必要性の消滅",
        RevocationReason.AffiliationChanged => "記載事項の変更",
        RevocationReason.Superseded => "電子証明書の更新",
        _ => "知事の秘密鍵の危殆化",
    };

    /// <summary>
    /// Why a certificate is ended. Giving up the service and leaving the register are one reason in the certificate's
    /// status, but not for whom it concerns.
    /// </summary>
    public static string CauseOf(Receipt receipt) => receipt switch
    {
        { Event: RegisterEventKind.Died } => "住民票の消除（死亡）",
        { Event: RegisterEventKind.Left } => "住民票の消除（転出）",
        { Reason: RevocationReason.CessationOfOperation } => "利用の取りやめ",
        _ => Of(receipt.Reason),
    };

    public static string Of(ApplicationKind kind) => kind switch
    {
        ApplicationKind.New => "新規発行",
        ApplicationKind.Renewal => "更新",
        _ => "失効後の再発行",
    };

    public static string Of(LetterState state) => state switch
    {
        LetterState.Made => "作成済（未発送）",
        LetterState.Sent => "発送済（回答待ち）",
        LetterState.Confirmed => "回答書受領（本人の意思）",
        LetterState.Denied => "回答書受領（本人の意思ではない）",
        _ => "返戻・期限経過",
    };

    public static string Of(RequestKind kind) => kind switch
    {
        RequestKind.ResetPassword => "パスワードの初期化",
        RequestKind.Unlock => "ロック解除",
        RequestKind.EraseKey => "鍵ペア等の消去",
        RequestKind.Disclosure => "認証業務情報の開示請求",
        RequestKind.Correction => "認証業務情報の訂正等請求",
        RequestKind.Complaint => "苦情",
        _ => "問合せ",
    };

    public static string Of(RequestState state) => state switch
    {
        RequestState.Inquiring => "照会中",
        RequestState.Received => "受付済",
        RequestState.Done => "完了",
        _ => "応じない旨を回答",
    };

    public static string Of(ReceiptState state) => state switch
    {
        ReceiptState.Inquiring => "照会中",
        ReceiptState.Accepted => "知事の処理待ち",
        ReceiptState.Completed => "失効済",
        _ => "失効せず",
    };

    public static string Of(RegisterEventKind kind) => kind switch
    {
        RegisterEventKind.AttributesChanged => "基本4情報の変更",
        RegisterEventKind.Died => "死亡",
        _ => "転出",
    };
}
