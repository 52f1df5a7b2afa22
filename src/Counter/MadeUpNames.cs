namespace Jpki.Counter;

/// <summary>
/// What made-up people are made of. Every family name and every district says that it is an example, so that nobody
/// takes a synthetic register for a real one.
/// </summary>
internal static class MadeUpNames
{
    public static readonly (string Kanji, string Kana)[] Families =
    [
        ("見本", "ミホン"), ("架空", "カクウ"), ("例文", "レイブン"), ("仮名", "カメイ"), ("試験", "シケン"), ("模擬", "モギ"),
        ("雛形", "ヒナガタ"), ("想定", "ソウテイ"), ("空想", "クウソウ"), ("虚構", "キョコウ"), ("見本田", "ミホンダ"),
        ("架空橋", "カクウバシ"), ("仮想川", "カソウガワ"), ("例題", "レイダイ"), ("試作", "シサク"), ("模型", "モケイ"),
        ("見本山", "ミホンヤマ"), ("架空野", "カクウノ"), ("仮沢", "カリサワ"), ("想像", "ソウゾウ"), ("無実在", "ムジツザイ"),
        ("幻村", "マボロシムラ"), ("作例", "サクレイ"), ("見本寺", "ミホンジ"), ("架空崎", "カクウザキ"), ("例示", "レイジ"),
        ("仮置", "カリオキ"), ("試行", "シコウ"), ("模造", "モゾウ"), ("創作", "ソウサク"), ("見本林", "ミホンバヤシ"),
        ("架空塚", "カクウヅカ"), ("仮谷", "カリヤツ"), ("例野", "レイノ"), ("空席", "クウセキ"), ("夢物語", "ユメモノガタリ"),
    ];

    /// <summary>Families whose first character JIS X 0208 and 0212 do not have.</summary>
    public static readonly (string Kanji, string Kana)[] RareFamilies =
    [
        ("𠮷見本", "ヨシミホン"), ("髙架空", "タカカクウ"), ("架空\uFA11", "カクウザキ"), ("𡈽見本", "ツチミホン"),
        ("仮𣘺", "カリハシ"), ("𥔎見本", "サキミホン"), ("栁仮", "ヤナギカリ"), ("𦥑架空", "ウスカクウ"),
        ("見本\uFA10", "ミホンヅカ"), ("橫架空", "ヨコカクウ"), ("瀨見本", "セミホン"), ("𪚥架空", "テツカクウ"),
        ("辻\U000E0100見本", "ツジミホン"), ("黑仮", "クロカリ"),
    ];

    public static readonly (string Kanji, string Kana)[] Women =
    [
        ("花子", "ハナコ"), ("印鑑子", "インカンコ"), ("認子", "ミトメコ"), ("公美", "クミ"), ("札子", "フダコ"), ("証美", "アカシミ"),
        ("鍵代", "カギヨ"), ("さくらんぼ", "サクランボ"), ("窓香", "マドカ"), ("一号", "イチゴウ"), ("書子", "フミコ"),
        ("照合恵", "テルアエ"), ("見本香", "ミホカ"), ("失効美", "シツコミ"), ("代筆乃", "ダイヒツノ"), ("控江", "ヒカエ"),
    ];

    public static readonly (string Kanji, string Kana)[] Men =
    [
        ("太郎", "タロウ"), ("証之助", "ショウノスケ"), ("暗号郎", "アンゴウロウ"), ("鍵太", "カギタ"), ("署名蔵", "ショメイゾウ"),
        ("窓口朗", "マドグチロウ"), ("二号", "ニゴウ"), ("失効蔵", "シッコウゾウ"), ("申請太", "シンセイタ"), ("公開", "コウカイ"),
        ("押印丸", "オウインマル"), ("仮次郎", "カリジロウ"), ("様式", "ヨウシキ"), ("添付彦", "テンプヒコ"), ("別紙郎", "ベッシロウ"),
        ("叱之助", "シカノスケ"),
    ];

    /// <summary>Given names with a character outside the repertoire.</summary>
    public static readonly (string Kanji, string Kana)[] RareGivenNames =
    [
        ("\uFA19之介", "シンノスケ"), ("𠀋太", "ジョウタ"), ("靑子", "アオコ"), ("德見", "ノリミ"), ("\uFA1B丸", "フクマル"),
        ("\uFA1A恵", "サチエ"), ("\uFA1C例", "ヤスレイ"), ("淸仮", "キヨカリ"),
    ];

    /// <summary>
    /// Names of foreign residents: Latin letters, katakana, and Chinese characters that Japan's standards lack.
    /// </summary>
    public static readonly (string Name, string Kana)[] ForeignNames =
    [
        ("ＭＩＨＯＮ　ＭＡＲＩＡ", "ミホン　マリア"), ("ＳＡＭＰＬＥ　ＪＯＨＮ　ＱＵＩＮＣＹ", "サンプル　ジョン　クインシー"),
        ("ＥＸＡＭＰＬＥ　ＡＮＮＡ", "イグザンプル　アナ"), ("ＰＬＡＣＥＨＯＬＤＥＲ　ＰＥＤＲＯ", "プレースホルダー　ペドロ"),
        ("ミホン　カルロス", "ミホン　カルロス"), ("カクウ　アナスタシア", "カクウ　アナスタシア"),
        ("见本　产华", "ケンホン　サンカ"), ("样例　东们", "ヨウレイ　トウモン"), ("ＮＧＵＹＥＮ　ＶＡＮ　ＭＡＵ", "グエン　バン　マウ"),
        ("架空　\uFA1B", "カクウ　フク"),
    ];

    public static readonly string[] Aliases =
        ["見本　マリ", "架空　花", "𠮷見本　三郎", "例文　安名", "仮名　健", "髙架空　愛", "見本　譲二"];

    public static readonly string[] Districts =
    [
        "架空町", "見本台", "仮想ヶ丘", "例示", "想像通り", "夢野", "雛形新田", "大字架空", "大字見本", "模擬本町", "試験台", "空想",
        "見本の森", "字例外",
    ];

    /// <summary>Districts with a character outside the repertoire.</summary>
    public static readonly string[] RareDistricts = ["髙架空台", "𡈽手見本", "𣘺本架空", "架空\uFA10", "𠮷見本町"];

    public static readonly string[] Buildings =
        ["見本ハイツ", "メゾン架空", "コーポ例文", "架空マンション", "サンプル荘", "見本団地", "シャトー𠮷架空"];
}
