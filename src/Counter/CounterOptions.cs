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

    /// <summary>
    /// How long before its end a certificate may be renewed. The statement has no window; the towns' notices say three
    /// months. (CPS 3-2)
    /// </summary>
    public int RenewalMonths { get; init; } = 3;

    /// <summary>発行手数料, in yen. (CPS 2-1-3(14), 2-5)</summary>
    public int Fee { get; init; } = 500;

    /// <summary>How long an answer to an inquiry letter is waited for. (CPS 4-1-1(2))</summary>
    public int DaysToReply { get; init; } = 30;

    /// <summary>Prints a page of ours to PDF; null where the site has no printer, or it printed nothing.</summary>
    public Func<string, Task<byte[]?>> Print { get; init; } = _ => Task.FromResult<byte[]?>(null);

    /// <summary>
    /// How many are served at once; the others are told their place in the line. Three times as many as there are
    /// terminals at the busiest hour.
    /// </summary>
    public int MostAtOnce { get; init; } = 1024;

    /// <summary>How long an act waits for the Authority before it leaves the notice to the outbox.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
