using System.Reflection;

namespace Jpki.Ledger;

/// <summary>Where a room keeps its books, and what it needs to open them.</summary>
public sealed record StoreOptions
{
    /// <summary>A file path (SQLite) or <c>postgres://user:password@host:port/database</c>.</summary>
    public required string Location { get; init; }

    /// <summary>The room's name; in PostgreSQL also its schema.</summary>
    public required string Room { get; init; }

    /// <summary>
    /// Holds the room's migrations as embedded resources <c>Migrations/NNN-name[.sqlite|.postgres].sql</c>.
    /// </summary>
    public required Assembly Assembly { get; init; }

    /// <summary>Seals the room's log.</summary>
    public required LogKey LogKey { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How a store or a log feels. When it is not well it refuses to write until it is opened again.</summary>
public sealed record LedgerHealth(bool IsWell, string? Reason, long LogSize, int Waiting);

/// <summary>The store or log could not keep a promise once and makes no further ones.</summary>
public sealed class LedgerBrokenException(string reason, Exception? cause = null) : IOException(reason, cause);

/// <summary>The database's schema is not the one this program was built for.</summary>
public sealed class SchemaException(string message) : InvalidOperationException(message);
