using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;

namespace Jpki.Ledger;

/// <summary>One numbered step of a schema, kept as SQL text.</summary>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    /// <summary>Of the text alone, whatever the line ends a checkout gave it.</summary>
    public string Hash =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n").Trim())));

    /// <summary>
    /// Every migration embedded in the assembly for that dialect (<c>sqlite</c> or <c>postgres</c>), in order.
    /// </summary>
    public static IReadOnlyList<Migration> In(Assembly assembly, string dialect)
    {
        var found = new SortedDictionary<int, Migration>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var match = ResourceName().Match(resource);
            if (!match.Success || match.Groups["dialect"] is { Success: true } named && named.Value != dialect)
                continue;
            using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
            if (!found.TryAdd(number, new Migration(number, match.Groups["name"].Value, text.ReadToEnd())))
                throw new SchemaException($"{assembly.GetName().Name} has two migrations {number:d3} for {dialect}");
        }
        return [.. found.Values];
    }

    /// <summary>
    /// Brings the schema up to date, each step in its own transaction; refuses a schema it does not know.
    /// </summary>
    public static void Apply(
        DbConnection connection, Engine engine, IReadOnlyList<Migration> migrations, DateTimeOffset now)
    {
        connection.Execute("""
            CREATE TABLE IF NOT EXISTS schema_version (
                number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at BIGINT NOT NULL)
            """);
        var applied = connection.Query<(long Number, string Name, string Hash)>(
            "SELECT number, name, hash FROM schema_version ORDER BY number").ToDictionary(row => row.Number);
        Check(applied, migrations);
        foreach (var migration in migrations.Where(m => !applied.ContainsKey(m.Number)))
        {
            connection.Execute("BEGIN TRANSACTION"); // two words: Dapper takes one for a procedure's name
            connection.Execute(engine.Spell(migration.Sql));
            connection.Execute(
                "INSERT INTO schema_version (number, name, hash, applied_at) VALUES (@Number, @Name, @Hash, @at)",
                new
                {
                    Number = (long)migration.Number,
                    migration.Name,
                    migration.Hash,
                    at = now.ToUnixTimeMilliseconds()
                });
            connection.Execute("COMMIT TRANSACTION");
        }
    }

    private static void Check(
        Dictionary<long, (long Number, string Name, string Hash)> applied, IReadOnlyList<Migration> known)
    {
        var last = applied.Count == 0 ? -1 : applied.Keys.Max();
        foreach (var (number, name, hash) in applied.Values)
        {
            var migration = known.FirstOrDefault(m => m.Number == number)
                ?? throw new SchemaException(
                    $"migration {number:d3}-{name} is in the database but not in this program; "
                    + "it is older than the database");
            if (migration.Hash != hash)
                throw new SchemaException($"migration {number:d3}-{name} was altered after it had been applied");
        }
        if (known.FirstOrDefault(m => m.Number < last && !applied.ContainsKey(m.Number)) is { } late)
        {
            throw new SchemaException(
                $"migration {late.Number:d3}-{late.Name} comes too late: {last:d3} is applied already");
        }
    }

    [GeneratedRegex(@"\.Migrations\.(?<number>\d{3})-(?<name>[^.]+)(\.(?<dialect>sqlite|postgres))?\.sql$")]
    private static partial Regex ResourceName();
}
