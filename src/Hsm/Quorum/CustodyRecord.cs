using System.Collections.Immutable;

namespace Jpki.Hsm.Quorum;

/// <summary>What a custody is: who holds shares, which tokens, keys and backups there are. No secret in it.</summary>
public sealed record CustodyRecord
{
    public required ShareSet Set { get; init; }

    /// <summary>The ids of those who hold a share each, in the order of the shares.</summary>
    public required ImmutableArray<string> Custodians { get; init; }

    public ImmutableArray<TokenRecord> Tokens { get; init; } = [];

    public ImmutableArray<KeyRecord> Keys { get; init; } = [];

    /// <summary>The act that was begun and is not done; null when there is none.</summary>
    public PendingAct? Pending { get; init; }

    internal KeyRecord? Key(string label) => Keys.FirstOrDefault(k => k.Label == label);

    internal CustodyRecord With(KeyRecord key) =>
        this with { Keys = [.. Keys.Where(k => k.Label != key.Label), key], Pending = null };
}

/// <param name="Label">Its label.</param>
/// <param name="Module">The PKCS#11 library's path.</param>
/// <param name="Serial">As the maker numbers it: another token under this label is not this one.</param>
/// <param name="PinLength">Characters of its PINs.</param>
public sealed record TokenRecord(string Label, string Module, string Serial, int PinLength);

/// <param name="Label">Its label, the same in every token.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER.</param>
/// <param name="Tokens">The labels of the tokens it lies in.</param>
/// <param name="Backups">The paths of its encrypted backups.</param>
public sealed record KeyRecord(
    string Label, byte[] PublicKey, ImmutableArray<string> Tokens, ImmutableArray<string> Backups);

/// <summary>
/// What an act is about, written before it changes anything, so that it can be finished or undone after a crash.
/// </summary>
/// <param name="Act">Its name.</param>
/// <param name="Token">The token's label.</param>
/// <param name="Key">The key's label.</param>
/// <param name="Backup">The backup's path.</param>
/// <param name="Renewal">The new shares, when shares are being renewed.</param>
public sealed record PendingAct(
    string Act, string? Token = null, string? Key = null, string? Backup = null, PendingRenewal? Renewal = null)
{
    public override string ToString() =>
        string.Join(' ', new[] { Act, Token, Key }.Where(part => part is not null));
}

/// <param name="Set">The new set.</param>
/// <param name="Custodians">Who holds it.</param>
/// <param name="NextKey">The new management key, sealed under the old one.</param>
public sealed record PendingRenewal(ShareSet Set, ImmutableArray<string> Custodians, byte[] NextKey);
