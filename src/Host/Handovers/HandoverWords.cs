namespace Jpki.Host.Handovers;

/// <summary>What lies beside a hand-over's files, for people.</summary>
internal static class HandoverWords
{
    public static string ReadMe { get; } =
        """
        認証事務の引継ぎ（運用規程 4-18）
        このフォルダには、認証事務を引き継ぐために必要なものがあります。個人情報を含むので、施錠できる保管庫に保管してください。
        鍵、パスワード、PIN は含みません。知事の秘密鍵を引き継ぐ場合は、鍵の儀式で渡してください（6-2-1-4）。

          index           目録。各ファイルの SHA-256 と、認証局のログの鍵による署名
          site.json       設定（秘密を含まない）
          certificates/   知事の自己署名証明書、関連証明書の認証局の証明書（DER）
          crls/           最新の失効記録（DER）。過去のものは authority/crl.jsonl、operations_crl.jsonl
          authority/      認証局の帳簿: 証明書、失効、失効記録、相互認証、危殆化（1 行 1 件の JSON）
          control/        運用端末の帳簿（4-12）、要員、指示、作業、検査の記録
          verifiers/      署名検証者等の届出、取決め、認定
          logs/ROOM/      各室の封印された監査ログ（C2SP tlog-tiles）と公開鍵 log.pub

        確かめるには      sha256sum -c index
                          jpki ledger verify --log logs/authority --key logs/authority/log.pub
        引き継ぐには      jpki up --data DIR --from-handover ここ

        Hand-over of the certification service (CPS 4-18)
        What a successor needs. It holds personal data: keep it locked away. It holds no key, no password and no PIN;
        the governor's private key goes, if it goes, by a key ceremony (6-2-1-4). The files are those listed above; each
        .jsonl is a table, a row a line, octets in base64, times Unix seconds or milliseconds (docs/flows/HANDOVER.md).

        """;
}
