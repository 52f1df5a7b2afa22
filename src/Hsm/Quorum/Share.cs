namespace Jpki.Hsm.Quorum;

/// <summary>One custodian's part of the management key, open in memory. Prints nothing of it. 管理鍵の断片</summary>
public sealed class Share
{
    internal Share(ShareSet set, int index, string custodian, byte[] value) =>
        (Set, Index, Custodian, Value) = (set, index, custodian, value);

    /// <summary>What it was split with; only shares of one set fit together.</summary>
    public ShareSet Set { get; }

    /// <summary>From 1: where on the polynomial it lies.</summary>
    public int Index { get; }

    /// <summary>The custodian's id.</summary>
    public string Custodian { get; }

    /// <summary>SHA-256 of the public key of the card it was under; null when it was under a passphrase.</summary>
    internal string? Card { get; init; }

    internal byte[] Value { get; }

    public override string ToString() => $"share {Index} of set {Set.Id}";
}

/// <summary>What all shares of one splitting have in common.</summary>
/// <param name="Id">32 hexadecimal digits, random.</param>
/// <param name="Threshold">How many open.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Digest">SHA-256 over the id and the secret, in hexadecimal digits: tells a right joining.</param>
public sealed record ShareSet(string Id, int Threshold, int Count, string Digest);
