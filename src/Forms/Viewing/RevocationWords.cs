using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>Why a certificate was revoked, in words. 失効事由 (CPS 4-4-4-2)</summary>
internal static class RevocationWords
{
    public static string Of(Sheet sheet, int? code) => code switch
    {
        null => sheet.Say("記載なし", "not given"),
        (int)CrlReason.Unspecified => sheet.Say("指定なし (unspecified)", "unspecified"),
        (int)CrlReason.KeyCompromise => sheet.Say("秘密鍵の危殆化 (keyCompromise)", "keyCompromise"),
        (int)CrlReason.CaCompromise => sheet.Say("認証局の秘密鍵の危殆化 (cACompromise)", "cACompromise"),
        (int)CrlReason.AffiliationChanged => sheet.Say("記載内容の変更 (affiliationChanged)", "affiliationChanged"),
        (int)CrlReason.Superseded => sheet.Say("電子証明書の更新 (superseded)", "superseded"),
        (int)CrlReason.CessationOfOperation => sheet.Say("必要性の消滅 (cessationOfOperation)", "cessationOfOperation"),
        (int)CrlReason.CertificateHold => sheet.Say("一時停止 (certificateHold)", "certificateHold"),
        (int)CrlReason.RemoveFromCrl => sheet.Say("一時停止の解除 (removeFromCRL)", "removeFromCRL"),
        (int)CrlReason.PrivilegeWithdrawn => sheet.Say("権限の取消し (privilegeWithdrawn)", "privilegeWithdrawn"),
        (int)CrlReason.AaCompromise => sheet.Say("属性認証局の危殆化 (aACompromise)", "aACompromise"),
        _ => sheet.Say($"定めのない値 {code}", $"no such code: {code}"),
    };
}
