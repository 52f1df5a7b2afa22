using System.Collections.Immutable;
using Jpki.Hsm.Quorum;

namespace Jpki.Hsm.Ceremonies;

/// <summary>An act a ceremony can have: the fields it takes, and the sentence that it is in both languages.</summary>
internal sealed record CeremonyAct(
    string Name, string[] Needs, string[] May, Func<CeremonyStep, string> Japanese, Func<CeremonyStep, string> English);

/// <summary>The acts that ceremony files can name.</summary>
internal static class CeremonyActs
{
    public static ImmutableArray<CeremonyAct> All { get; } =
    [
        new("establish", ["threshold"], [],
            s => $"管理鍵を生成し、秘密鍵管理者に分割して渡す（{s.Threshold} 人で成立）",
            s => $"make the management key and give each key custodian a share; {s.Threshold} open"),
        new("initialise", ["token", "module"], ["serial", "factorySoPin"],
            s => $"トークン {s.Token} を初期化し、活性化データを管理鍵により設定する",
            s => $"erase token {s.Token} and set its activation data from the management key"),
        new("generate", ["token", "key", "algorithm"], ["backup"],
            s => $"トークン {s.Token} の中で鍵ペア {s.Key}（{s.Algorithm}）を生成する"
                + (s.Backup is null ? "（バックアップなし）" : $"。バックアップ {s.Backup}"),
            s => $"generate key pair {s.Key} ({s.Algorithm}) in token {s.Token}"
                + (s.Backup is null ? ", without a backup" : $", with backup {s.Backup}")),
        new("restore", ["token", "key", "backup"], [],
            s => $"バックアップ {s.Backup} から鍵 {s.Key} をトークン {s.Token} にリストアする",
            s => $"restore key {s.Key} from backup {s.Backup} into token {s.Token}"),
        new("activate", ["token", "file"], [],
            s => $"トークン {s.Token} を活性化する（{s.File}）",
            s => $"activate token {s.Token} ({s.File})"),
        new("deactivate", ["file"], [],
            s => $"非活性化する（{s.File}）",
            s => $"deactivate ({s.File})"),
        new("renew", ["threshold", "custodians"], [],
            s => $"管理鍵と断片を更新し、{Names(s)} に渡す（{s.Threshold} 人で成立）",
            s => $"renew management key and shares, for {Names(s)}; {s.Threshold} open"),
        new("destroy", ["key"], [],
            s => $"鍵 {s.Key} をすべてのトークンとバックアップにおいて破棄する",
            s => $"destroy key {s.Key} in every token and every backup"),
        new("retire", ["token"], [],
            s => $"トークン {s.Token} を初期化して廃止する",
            s => $"erase token {s.Token} for good"),
        new("unlock", ["person"], [],
            s => $"{s.Person} の施錠（誤り {Attempts.Most} 回）を認証局管理責任者の指示により解く",
            s => $"let {s.Person}, locked after {Attempts.Most} wrong tries, try again, as the CA manager instructs"),
        new("selfTest", [], [],
            _ => "中断の跡を片付け、すべての鍵を自己試験する",
            _ => "sweep what was broken off, and let every key sign a self-test"),
    ];

    public static CeremonyAct Of(CeremonyStep step) => All.First(a => a.Name == step.Act);

    /// <summary>What is wrong with a step as it is written; null when nothing is.</summary>
    public static string? Trouble(CeremonyStep step)
    {
        if (All.FirstOrDefault(a => a.Name == step.Act) is not { } act)
            return $"there is no act \"{step.Act}\" (there are: {string.Join(", ", All.Select(a => a.Name))})";
        var given = Fields(step).Where(f => f.Value is not null).Select(f => f.Name).ToList();
        if (act.Needs.FirstOrDefault(n => !given.Contains(n)) is { } missing)
            return $"{act.Name} needs \"{missing}\"";
        if (given.FirstOrDefault(g => !act.Needs.Contains(g) && !act.May.Contains(g)) is { } strange)
            return $"{act.Name} takes no \"{strange}\"";
        return step.Algorithm is { } name && KeyAlgorithm.Find(name) is null
            ? $"there is no algorithm \"{name}\" (there are: {string.Join(", ", KeyAlgorithm.All.Select(a => a.Name))})"
            : null;
    }

    private static (string Name, object? Value)[] Fields(CeremonyStep step) =>
    [
        ("token", step.Token), ("module", step.Module), ("serial", step.Serial), ("factorySoPin", step.FactorySoPin),
        ("key", step.Key), ("algorithm", step.Algorithm), ("backup", step.Backup), ("file", step.File),
        ("threshold", step.Threshold), ("custodians", step.Custodians), ("person", step.Person),
    ];

    private static string Names(CeremonyStep step) => string.Join(", ", step.Custodians!.Value.Select(c => c.Id));
}
