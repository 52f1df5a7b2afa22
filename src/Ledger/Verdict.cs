namespace Jpki.Ledger;

/// <summary>Where a log first goes wrong, and how.</summary>
public sealed record LedgerDamage(long First, long Last, string Why);

/// <summary>What a verifier says of one log: whole as far as <see cref="Size"/>, or damaged. 監査ログの検査</summary>
public sealed record LedgerVerdict(
    string Log, string Origin, long Size, string Root, long Checkpoints, LedgerDamage? Damage)
{
    public bool IsGood => Damage is null;

    public override string ToString() => Damage is null
        ? $"{Log}: good, {Size} entries of {Origin}, {Checkpoints} checkpoints, root {Root}"
        : $"{Log}: BAD at entry {Damage.First}{(Damage.Last > Damage.First ? $"–{Damage.Last}" : "")}: {Damage.Why}";
}

/// <summary>Thrown while reading a log, caught once by the verifier.</summary>
internal sealed class DamageException(long first, long last, string why) : FormatException(why)
{
    public LedgerDamage Damage { get; } = new(first, last, why);
}
