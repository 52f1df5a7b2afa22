using Jpki.Card.Readers;
using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>What a site chooses about its counters.</summary>
public sealed record CounterOptions
{
    /// <summary>Where the cards that are being written lie.</summary>
    public required string CardsFolder { get; init; }

    /// <summary>Takes the card at the key pair device; null: the cards are virtual, in the folder.</summary>
    public Func<ICardReader>? CardReader { get; init; }

    /// <summary>Which keys are strong enough for residents. (CPS 6-1-2-3, 6-3-2)</summary>
    public CryptoPolicy Policy { get; init; } = CryptoPolicy.Current;

    /// <summary>The first L of a resident's subject.</summary>
    public string Prefecture { get; init; } = "Saitama-ken";

    /// <summary>Whether a resident may have a P-256 key.</summary>
    public bool AllowsP256 { get; init; }

    /// <summary>How long an officer's password is good for; null for ever.</summary>
    public TimeSpan? PasswordLife { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long five wrong passwords keep an officer out.</summary>
    public TimeSpan LockOut { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an act waits for the Authority before it leaves the notice to the outbox.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
