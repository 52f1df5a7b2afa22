using System.Data.Common;

namespace Jpki.Ledger;

/// <summary>What differs between the two databases, and nothing else.</summary>
internal abstract class Engine : IDisposable
{
    /// <summary>The middle of a migration's file name: <c>sqlite</c> or <c>postgres</c>.</summary>
    public abstract string Dialect { get; }

    public abstract string Begin { get; }

    public static Engine Of(StoreOptions options) =>
        PostgresEngine.Understands(options.Location)
            ? new PostgresEngine(options.Location, options.Room)
            : new SqliteEngine(options.Location);

    /// <summary>
    /// The one connection that writes; holds the store so that no second process can open it for writing.
    /// </summary>
    public abstract DbConnection OpenWriter();

    public abstract DbConnection RentReader();

    public abstract void Return(DbConnection reader);

    /// <summary>A value as this database's driver wants it.</summary>
    public abstract object Adapt(object? value);

    /// <summary>A migration as this database wants it spelled; they are written as PostgreSQL spells types.</summary>
    public virtual string Spell(string sql) => sql;

    public abstract void Dispose();
}
