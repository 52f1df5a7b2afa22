using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Watch;

/// <summary>What certificates and findings are called on the pages.</summary>
public static class WatchWords
{
    public static string Of(Level level) => level switch
    {
        Level.Bad => "異常",
        Level.Soon => "注意",
        _ => "正常",
    };

    public static string Of(CertificateStanding standing) => standing switch
    {
        CertificateStanding.Live => "有効",
        CertificateStanding.Expired => "期間満了",
        CertificateStanding.Revoked => "失効",
        _ => "発行未了",
    };

    public static string Of(CertificateKind kind) => kind switch
    {
        CertificateKind.SelfSigned => "自己署名証明書",
        CertificateKind.Resident => "電子証明書（利用者）",
        CertificateKind.OcspResponder => "OCSP レスポンダ証明書",
        CertificateKind.Cross => "相互認証証明書",
        CertificateKind.OldWithNew => "リンク証明書（旧鍵）",
        CertificateKind.NewWithOld => "リンク証明書（新鍵）",
        CertificateKind.ValidationServer => "官職証明書検証サーバ証明書",
        CertificateKind.OperationsCa => "運用 CA",
        CertificateKind.Client => "要員・端末・署名検証者",
        CertificateKind.Door => "装置",
        _ => kind.ToString(),
    };

    /// <summary>A municipality's name, or what the list is for.</summary>
    public static string OfScope(string scope) => scope switch
    {
        "authority" => "ARL（認証局の証明書）",
        "prefecture" => "県（市町村に属さない証明書）",
        _ => Municipalities.Find(scope)?.Kanji ?? scope,
    };

    /// <summary>2026年11月23日 18時05分; a dash when there is none.</summary>
    public static string Time(DateTimeOffset? at) => at is { } then ? JapanTime.ForPeople(then) : "—";
}
