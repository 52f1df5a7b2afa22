using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>What a responder is made of.</summary>
public sealed record ResponderParts
{
    /// <summary>The Authority's door: base address with a closing slash, and the node's client certificate.</summary>
    public required HttpClient Authority { get; init; }

    /// <summary>Where the node's own keys are made and stay.</summary>
    public required IHsm Hsm { get; init; }

    /// <summary>Where the node keeps its own certificates. Not trusted: they are checked when read.</summary>
    public required string Folder { get; init; }

    /// <summary>The subject of the requests for its certificates.</summary>
    public required Name NodeName { get; init; }

    /// <summary>Who may ask, as it stands now.</summary>
    public required Func<AdmissionList> Admissions { get; init; }

    /// <summary>
    /// Whether a verifier's certificate was revoked, by its serial number; at a TLS door the door itself sees to it.
    /// </summary>
    public Func<string, bool> IsEnded { get; init; } = _ => false;

    /// <summary>The room's log; done when the event is durable.</summary>
    public required Func<LedgerEvent, Task> Record { get; init; }

    public required TimeProvider Clock { get; init; }

    public KeySpec KeySpec { get; init; } = KeySpec.Rsa2048;

    /// <summary>How long the feed may be silent before the node stops answering from what it heard last.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a responder is.</summary>
/// <param name="Position">Up to which change it knows everything.</param>
/// <param name="FeedAge">How long ago the Authority confirmed that; null before the first time.</param>
/// <param name="IsAnswering">False: every question is answered with tryLater.</param>
/// <param name="Generations">The generations it can answer for.</param>
/// <param name="Troubles">What is wrong: nothing, when all is well.</param>
public sealed record ResponderHealth(
    long Position, TimeSpan? FeedAge, bool IsAnswering, IReadOnlyList<int> Generations, IReadOnlyList<string> Troubles);
