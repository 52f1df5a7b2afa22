using System.Security.Cryptography;
using System.Text;
using Jpki.Hsm;

namespace Jpki.Card;

/// <summary>
/// Who has proved what since the card was selected, and how often it may still be tried. 活性化 (CPS 6-2-2-5, 6-2-2-6)
/// </summary>
internal sealed class CardPasswords(CardMemory memory, RandomNumberGenerator random)
{
    private readonly HashSet<KeyPurpose> verified = [];

    public bool IsVerified(KeyPurpose purpose) => verified.Contains(purpose);

    public void Forget() => verified.Clear();

    public void Forget(KeyPurpose purpose) => verified.Remove(purpose);

    /// <summary>VERIFY. A try is spent, durably, before anything is compared: power may fail at any time.</summary>
    public CardAnswer Verify(KeyPurpose purpose, ReadOnlySpan<byte> given)
    {
        var slot = memory.Image[purpose];
        if (given.IsEmpty)
            return CardAnswer.TriesLeft(slot.TriesLeft);
        if (given.Length > CardPassword.Longest)
            return StatusWord.WrongLength;
        verified.Remove(purpose);
        if (slot.PasswordHash is not { } hash || slot.IsLocked)
            return StatusWord.Locked;
        memory.Change(purpose, s => s with { TriesLeft = s.TriesLeft - 1 });
        // Latin-1: no two inputs become one string.
        if (!PasswordHash.Verify(Encoding.Latin1.GetString(given), hash))
            return CardAnswer.TriesLeft(slot.TriesLeft - 1);
        Unlock(purpose);
        verified.Add(purpose);
        return StatusWord.Done;
    }

    /// <summary>A new password, with all its tries. What the holder's clients would not send is not taken.</summary>
    public CardAnswer Set(KeyPurpose purpose, ReadOnlySpan<byte> given)
    {
        var password = Encoding.Latin1.GetString(given);
        if (!CardPassword.Allows(purpose, password))
            return StatusWord.WrongData;
        var hash = PasswordHash.Create(password, random);
        memory.Change(purpose, s => s with { PasswordHash = hash, TriesLeft = CardPassword.TriesOf(purpose) });
        return StatusWord.Done;
    }

    /// <summary>All tries again, for the same password. ロック解除 (CPS 2-1-3(16))</summary>
    public CardAnswer Unlock(KeyPurpose purpose)
    {
        if (memory.Image[purpose].PasswordHash is null)
            return StatusWord.NotSatisfied;
        memory.Change(purpose, s => s with { TriesLeft = CardPassword.TriesOf(purpose) });
        return StatusWord.Done;
    }
}
