namespace Jpki.Repository;

/// <summary>How much one caller may ask of the directory: every bound the room has, in one place.</summary>
public sealed record DirectoryLimits
{
    /// <summary>The largest request of somebody who has not bound.</summary>
    public int MaxPduAnonymous { get; init; } = 64 * 1024;

    /// <summary>The largest request of an admitted verifier.</summary>
    public int MaxPduBound { get; init; } = 256 * 1024;

    public int MaxFilterDepth { get; init; } = 32;

    public int MaxFilterTerms { get; init; } = 512;

    public int MaxRequestedAttributes { get; init; } = 256;

    public int MaxControls { get; init; } = 16;

    /// <summary>Entries one search may return, whatever its own sizeLimit says.</summary>
    public int MaxEntries { get; init; } = 1000;

    /// <summary>How long one search may take, whatever its own timeLimit says.</summary>
    public TimeSpan MaxSearchTime { get; init; } = TimeSpan.FromSeconds(60);

    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Passwords being checked at the same moment; Argon2id is meant to be slow.</summary>
    public int MaxPasswordChecks { get; init; } = 2;

    /// <summary>Binds waiting for their turn; further ones are told busy.</summary>
    public int MaxWaitingBinds { get; init; } = 64;

    /// <summary>Wrong passwords on one connection before it is closed.</summary>
    public int MaxFailedBinds { get; init; } = 5;

    /// <summary>A connection that asks nothing for so long is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A request must be complete so long after its first octet.</summary>
    public TimeSpan PduTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A caller who does not read its answers for so long is cut off.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Answers collected before they are sent, when requests are pipelined.</summary>
    public int FlushAt { get; init; } = 256 * 1024;

    /// <summary>The largest object, in octets: a list of some two million entries.</summary>
    public long MaxObject { get; init; } = 128L * 1024 * 1024;

    /// <summary>Octets of objects that were handed over and that no publication has named yet.</summary>
    public long MaxWaiting { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>The largest publication, in octets of HTTP body: it names objects and holds none.</summary>
    public long MaxPublication { get; init; } = 1024 * 1024;

    /// <summary>Octets up to which a published object is held in memory; a longer one is read from its file.</summary>
    public int LongestHeld { get; init; } = 1024 * 1024;
}
