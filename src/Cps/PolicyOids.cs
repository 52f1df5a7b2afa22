namespace Jpki.Cps;

/// <summary>The certificate policies of one world: the real one, or the tests'. 証明書ポリシーの識別子 (CPS 1-2)</summary>
/// <param name="Certificates">電子証明書ポリシー及び相互認証証明書ポリシー</param>
/// <param name="ValidationServer">官職証明書検証サーバ証明書ポリシー</param>
/// <param name="OcspResponder">OCSP レスポンダ証明書ポリシー</param>
public sealed record PolicyOids(string Certificates, string ValidationServer, string OcspResponder)
{
    public static readonly PolicyOids Production = new(
        "1.2.392.200149.8.5.1.1.10",
        "1.2.392.200149.8.5.1.200",
        "1.2.392.200149.8.5.1.300");

    public static readonly PolicyOids Test = new(
        "1.2.392.200149.8.5.1.0.10",
        "1.2.392.200149.8.5.1.0.200",
        "1.2.392.200149.8.5.1.0.300");
}
