using System.Collections.Immutable;
using static Jpki.Cps.FieldKind;
using static Jpki.Cps.Periods;

namespace Jpki.Cps;

/// <summary>
/// The registers of the Authority, in the order of the statement's list, then those its other clauses ask for.
/// 認証業務等に係る帳簿の備付け (CPS 4-12-1-1, 5-2-1-1(1))
/// </summary>
public static class Registers
{
    /// <summary>Each check whether a year's volume can still be read. (CPS 4-12-1-4, 4-12-2-6)</summary>
    public const string ReadabilitySeries = "RC";

    /// <summary>The auditors' reports. (CPS 2-7-5)</summary>
    public const string AuditSeries = "AR";

    /// <summary>What was destroyed, also entries of registers whose retention has ended. (CPS 5-1-1-9)</summary>
    public const string DisposalSeries = "DW";

    private static readonly RegisterField Title    = new("title",    Text,      "件名",     "title");
    private static readonly RegisterField Year     = new("year",     Number,    "対象年度", "fiscal year");
    private static readonly RegisterField Measure  = new("measure",  Paragraph, "措置",     "measure");
    private static readonly RegisterField Checker  = new("checker",  Person,    "確認者",   "confirmed by");
    private static readonly RegisterField Answer   = new("answer",   Paragraph, "回答",     "answer");
    private static readonly RegisterField Details  = Optional(new("details", Paragraph, "内容", "details"));
    private static readonly RegisterField Answered = Optional(new("answered", Date, "回答日", "answered on"));

    private static readonly RegisterField Progress = Choice("state", "対応状況", "state",
        new("working", "対応中", "working"), new("done", "対策実施", "done"), new("confirmed", "知事が確認", "confirmed"));

    /// <summary>埼玉県知事が保管する書類</summary>
    private static readonly ImmutableArray<Register> OfTheGovernor =
    [
        Papers("CP", "4-12-1-1", "運用規程の作成に関する書類", "drafting of the practice statement",
            Title, Optional(new("version", Text, "版", "version")), Details),
        Papers("KC", "4-12-1-1", "キーセレモニーの実施等に関する書類", "key ceremonies",
            Title, new("ceremony", Text, "セレモニー記録の番号", "ceremony record"), new("witness", Person, "立会者", "witness"),
            Details),
        Papers("AG", "4-12-1-1", "署名検証者等との取り決めに関する書類", "agreements with verifiers",
            Title, new("party", Text, "署名検証者等の番号", "verifier's number"), Details),
        Papers("DC", "4-12-1-1", "認証業務情報の開示・訂正等に関する書類", "disclosure and correction requests",
            Title,
            Choice("kind", "請求の種別", "request",
                new("disclosure", "開示（2-8-6）", "disclosure"), new("correction", "訂正等（2-8-8）", "correction")),
            new("receipt", Text, "受付番号", "receipt number"),
            Choice("identity", "本人確認", "proof of identity",
                new("proved", "実施した", "proved"), new("refused", "確認できず拒否", "refused")),
            Details)
            with { FollowUp = new([new("answer", Paragraph, "対応", "answer")]) },
        Papers(AuditSeries, "2-7-5", "監査報告書", "audit reports",
            Title, Year, new("auditor", Text, "監査人", "auditor"),
            Choice("kind", "監査の種別", "audit", new("yearly", "定期（年 1 回）", "yearly"), new("extra", "随時", "extra")),
            Details),
        Papers("AF", "2-7-6", "監査指摘事項", "audit findings",
            Title, new("report", Text, "監査報告書の番号", "audit report"),
            Choice("weight", "重要性・緊急性", "weight",
                new("high", "高", "high"), new("middle", "中", "middle"), new("low", "低", "low")),
            Details)
            with { FollowUp = new([Measure, Progress, Optional(Checker)]) { NeededToClose = [Checker.Name] } },
    ];

    /// <summary>指定認証機関が保管する書類</summary>
    private static readonly ImmutableArray<Register> OfTheDesignatedAuthority =
    [
        Papers("DG", "4-12-1-1", "指定認証機関の指定・変更に関する書類", "designation and its changes", Title, Details),
        Papers("RG", "4-12-1-1", "認証事務管理規程", "rules of the certification work",
            Title, new("version", Text, "版", "version"), Details),
        Papers("FA", "4-12-1-1", "設備及び安全対策に関する書類", "installations and safety measures", Title, Details),
        Papers("BP", "4-12-1-1", "事業計画・収支予算に関する書類", "plans and budgets", Title, Year, Details),
        Papers("BR", "4-12-1-1", "事業報告書・収支決算書", "reports and accounts", Title, Year, Details),
        Papers("PR", "4-12-1-1", "失効情報及び失効情報ファイルの提供状況の報告書", "reports on the provision of revocation data",
            Title, Year, Details),
        Papers("FE", "4-12-1-1", "手数料に関する書類", "fees", Title, new("amount", Number, "金額（円）", "yen"), Details),
    ];

    /// <summary>市町村長が保管する書類</summary>
    private static readonly ImmutableArray<Register> OfMunicipalities =
    [
        Papers("IA", "4-12-1-1", "電子証明書の発行申請に関する書類", "applications for issue",
            new("municipality", Text, "市町村コード", "municipality code"), new("receipt", Text, "受付番号", "receipt number"),
            Details)
            with { Writers = [Role.CounterOfficer], WritersClause = "5-2-1-2", RetentionYears = ApplicationYears },
        Papers("RA", "4-12-1-1", "電子証明書の失効申請に関する書類", "applications for revocation",
            new("municipality", Text, "市町村コード", "municipality code"), new("receipt", Text, "受付番号", "receipt number"),
            Details)
            with { Writers = [Role.CounterOfficer], WritersClause = "5-2-1-2" },
    ];

    /// <summary>The CA's own work: papers of its officers, its rooms and its archive.</summary>
    private static readonly ImmutableArray<Register> OfTheCa =
    [
        Papers("XC", "5-2-1-1(3)", "相互認証証明書等の申請書類", "applications for cross-certificates",
            Title,
            Choice("kind", "申請の種別", "application",
                new("issue", "発行", "issue"), new("renewal", "更新", "renewal"), new("revocation", "失効", "revocation")),
            Details)
            with { Writers = [Role.Receptionist], WritersClause = "5-2-1-1(3)" },
        Papers("CI", "4-15", "苦情・問合せ", "complaints and inquiries",
            Title,
            Choice("kind", "種別", "kind", new("complaint", "苦情", "complaint"), new("inquiry", "問合せ", "inquiry")),
            Choice("from", "申出者の区分", "from",
                new("holder", "利用者", "holder"),
                new("verifier", "署名検証者等", "verifier"),
                new("municipality", "市町村", "municipality"),
                new("other", "その他", "other")),
            new("details", Paragraph, "内容（氏名等を書かない）", "details, without names"))
            with { FollowUp = new([Answer, Answered]) { NeededToClose = ["answered"] } },
        Papers("BC", "5-3-1", "要員の経歴調査", "background checks",
            new("person", Person, "要員番号", "officer"),
            Choice("result", "結果", "result", new("passed", "適", "passed"), new("failed", "不適", "failed")),
            new("examiner", Person, "審査者", "examined by")),
        Papers("TP", "5-3-2", "教育訓練計画書", "training plans", Title, Year, Details),
        Papers("TR", "5-3-2", "教育訓練の記録", "training records",
            new("person", Person, "要員番号", "officer"), new("course", Text, "訓練名", "course"),
            Optional(new("plan", Text, "計画書の番号", "plan")),
            Choice("result", "結果", "result",
                new("completed", "修了", "completed"), new("again", "再受講", "to be repeated"))),
        Papers("RO", "5-3-3", "業務のローテーション", "rotation of work",
            Title, new("person", Person, "要員番号", "officer"), new("from", Text, "異動前の業務", "from"),
            new("to", Text, "異動後の業務", "to")),
        Papers("EE", "5-1-1-2", "入退室の記録", "room entry and exit",
            new("at", Time, "日時", "time"), new("room", Text, "室", "room"),
            new("person", Person, "要員番号", "officer or visitor"),
            Choice("direction", "入退", "direction", new("in", "入", "in"), new("out", "退", "out")),
            Choice("result", "結果", "result", new("granted", "許可", "granted"), new("denied", "拒否", "denied")),
            Optional(new("escort", Person, "同行者", "escort")))
            with { Medium = Medium.Digital, DatedBy = "at" },
        Papers("MI", "5-1-1-8", "媒体の搬入出", "media carried in and out",
            new("medium", Text, "媒体番号", "medium"),
            Choice("direction", "搬入出", "direction", new("in", "搬入", "in"), new("out", "搬出", "out")),
            new("person", Person, "搬入出者", "carried by"), Checker, Details),
        Papers(DisposalSeries, "5-1-1-9", "廃棄の記録", "disposal",
            new("what", Text, "廃棄するもの", "what"),
            Optional(new("number", Text, "帳簿の番号", "register number")),
            Choice("method", "方法", "method",
                new("shredded", "裁断", "shredded"),
                new("destroyed", "破壊", "destroyed"),
                new("dissolved", "溶解", "dissolved"),
                new("erased", "消去", "erased")),
            new("witness", Person, "立会者", "witness")),
        Papers(ReadabilitySeries, "4-12-1-4", "可読性の確認", "readability checks",
            new("series", Text, "帳簿の分類記号", "register"), Year,
            new("sample", Paragraph, "確認した番号", "numbers looked at"),
            Choice("result", "結果", "result", new("readable", "可読", "readable"), new("failed", "不良", "failed")),
            Details)
            with { FollowUp = new([Measure, Checker]) { OnlyWhen = ("result", "failed") } },
    ];

    public static ImmutableArray<Register> All { get; } =
    [
        .. OfTheGovernor,
        .. OfTheDesignatedAuthority.Select(r => r with { Keeper = RegisterKeeper.DesignatedAuthority }),
        .. OfMunicipalities.Select(r => r with { Keeper = RegisterKeeper.Municipality }),
        .. OfTheCa.Select(r => r with { Keeper = RegisterKeeper.DesignatedAuthority }),
    ];

    /// <summary>Null when there is no such series.</summary>
    public static Register? Find(string series) => All.FirstOrDefault(r => r.Series == series);

    private static Register Papers(string series, Clause clause, string japanese, string english,
        params ImmutableArray<RegisterField> fields) => new()
        {
            Series = series,
            Clause = clause,
            Japanese = japanese,
            English = english,
            Keeper = RegisterKeeper.Governor,
            Fields = fields,
        };

    private static RegisterField Optional(RegisterField field) => field with { IsRequired = false };

    private static RegisterField Choice(
        string name, string japanese, string english, params ImmutableArray<RegisterChoice> choices) =>
        new(name, FieldKind.Choice, japanese, english) { Choices = choices };
}
