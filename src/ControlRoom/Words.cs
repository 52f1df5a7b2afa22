using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Cross;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;

namespace Jpki.ControlRoom;

/// <summary>What states are called on the pages.</summary>
public static class Words
{
    public static string Of(InstructionState state) => state switch
    {
        InstructionState.Given => "指示済み",
        InstructionState.Followed => "作業中",
        InstructionState.Reported => "結果の確認待ち",
        InstructionState.Confirmed => "確認済み",
        _ => "取消し",
    };

    public static string Of(ActState state) => state switch
    {
        ActState.Waiting => "承認待ち",
        ActState.Doing => "実施中（結果未確認）",
        ActState.Done => "実施済み",
        ActState.Refused => "拒否",
        _ => "取下げ",
    };

    public static string Of(CrossState state) => state switch
    {
        CrossState.Received => "受付済み（審査待ち）",
        CrossState.Examined => "審査済み（承認待ち）",
        CrossState.Approved => "承認済み（実施待ち）",
        CrossState.Done => "実施済み",
        _ => "却下",
    };

    public static string Of(OfficerState state) => state switch
    {
        OfficerState.Registered => "登録済み（初期登録待ち）",
        OfficerState.Active => "在任",
        _ => "解任",
    };

    public static string Of(Refusal refusal) => $"できません（{refusal.Clause}）: {refusal.Reason}";

    /// <summary>What a duty is called where people read it.</summary>
    public static string Of(Duty duty) => duty.Name switch
    {
        nameof(Duties.WatchTheSystem) => "システムの状態の確認",
        nameof(Duties.InstructWork) => "作業の指示と結果の確認",
        nameof(Duties.KeepRegisters) => "帳簿の備付け",
        nameof(Duties.AdmitVerifiers) => "署名検証者等の認定",
        nameof(Duties.PlanCeremonies) => "鍵の儀式の計画",
        nameof(Duties.HoldCeremonies) => "知事の鍵の操作（鍵の儀式）",
        nameof(Duties.ReceiveCrossPapers) => "相互認証申請の受付",
        nameof(Duties.ExamineCrossPapers) => "相互認証申請の審査",
        nameof(Duties.ApproveCrossPapers) => "相互認証申請の承認",
        nameof(Duties.IssueCrossCertificate) => "相互認証証明書の発行と受入れ",
        nameof(Duties.RevokeCrossCertificate) => "相互認証証明書の失効",
        nameof(Duties.IssueCrlsNow) => "失効記録の即時発行",
        nameof(Duties.RevokeExOfficio) => "職権による失効",
        nameof(Duties.RenewAuthorityKey) => "知事の鍵の更新",
        nameof(Duties.DeclareCompromise) => "知事の鍵の危殆化への対処",
        nameof(Duties.RevokeOtherCertificate) => "要員・装置等の証明書の失効",
        nameof(Duties.EndAdmissions) => "署名検証者等のアクセス権の取消し",
        nameof(Duties.RegisterOfficers) => "要員の登録",
        nameof(Duties.SetUpRepository) => "リポジトリの設定管理",
        nameof(Duties.MaintainNetwork) => "ネットワーク機器等の維持管理",
        nameof(Duties.InspectLogs) => "監査ログの検査",
        _ => duty.Name,
    };
}
