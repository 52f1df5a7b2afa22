namespace Jpki.Counter.RegisterFiles;

/// <summary>Where the residents in the counters' books come from. 住民基本台帳の取得元</summary>
public interface IRegisterSource
{
    /// <summary>Brings the books to what the source has now; does nothing when they are there already.</summary>
    Task BringUpToDate(CounterRoom room);

    /// <summary>How long until it is worth asking again; null when never.</summary>
    TimeSpan? Interval { get; }
}

/// <summary>Made-up people, put in once. 架空の住民</summary>
/// <param name="Count">How many, at least 63.</param>
/// <param name="Seed">The same people for the same seed.</param>
public sealed record MadeUpRegister(int Count, string Seed) : IRegisterSource
{
    public TimeSpan? Interval => null;

    public Task BringUpToDate(CounterRoom room) => room.SeedRegister(Count, Seed);
}
