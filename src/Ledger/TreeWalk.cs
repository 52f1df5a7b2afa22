namespace Jpki.Ledger;

/// <summary>
/// Rebuilds a log's tree entry by entry, and meets on its way the checkpoint that the verifier already knew.
/// </summary>
internal sealed class TreeWalk(Checkpoint? known)
{
    private bool met = known is null or { Size: 0 };

    public Frontier Tree { get; } = new();

    public void Append(ReadOnlySpan<byte> leaves)
    {
        for (var at = 0; at < leaves.Length; at += Frontier.HashSize)
        {
            Tree.Append(leaves.Slice(at, Frontier.HashSize));
            if (!met && Tree.Size == known!.Size)
                Meet();
        }
    }

    /// <summary>A log shorter than it once was has been cut or rolled back.</summary>
    public void End()
    {
        var why = $"the log ends after {Tree.Size} entries, but {known?.Size} were seen in it before";
        if (!met)
            throw new DamageException(Tree.Size, known!.Size - 1, why);
    }

    private void Meet()
    {
        met = known!.Root.Span.SequenceEqual(Tree.Root());
        if (!met)
        {
            throw new DamageException(
                0, known.Size - 1, "the log is not the one that was seen before: it was rewritten");
        }
    }
}
