using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Host;

/// <summary>Every column of every room's books is handed over, or it is said here that it stays.</summary>
public sealed class HandedTableTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    /// <summary>Secrets, what only a secret can read, and what belongs to one machine or one moment.</summary>
    private static readonly Dictionary<string, string[]> Stays = new()
    {
        ["authority"] = ["certificate.holder", "generation.handed_over_at"],
        ["control"] =
        [
            "act.secret", "ceremony.file", "officer.code_expires_at", "officer.code_one", "officer.code_two",
            "officer.failures", "officer.locked_until", "officer.password_expires_at", "officer.password_hash",
        ],
        ["verifiers"] = ["verifier.ldap_password_hash"],
    };

    [Theory, Cps("4-18"), Cps("4-12-2-1")]
    [InlineData("authority")]
    [InlineData("control")]
    [InlineData("verifiers")]
    public void Nothing_is_forgotten(string room)
    {
        using Books books = new(room, null);
        var there = books.Store.Read(db => db.Query<(string Table, string Column)>(
            """
            SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT IN ('ledger', 'schema_version')
            """).Where(c => room != "control" || !Jpki.ControlRoom.HandedOver.Kept.Contains(c.Table))
            .Select(c => $"{c.Table}.{c.Column}").Order(StringComparer.Ordinal).ToList());

        var handed = Tables(room).SelectMany(t => t.Fields.Select(f => $"{t.Name}.{f.Name}"));

        Assert.Equal(there, handed.Concat(Stays[room]).Order(StringComparer.Ordinal));
    }

    [Theory, Cps("4-18")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_come_back_from_their_lines_in_either_database(bool postgres)
    {
        var generation = Tables("authority").Single(t => t.Name == "generation");
        using Books one = new("authority", postgres ? server.NewDatabase() : null);
        using Books other = new("authority", postgres ? server.NewDatabase() : null);
        await one.Store.Write(tx =>
        {
            for (var i = 1; i <= 700; i++)
            {
                tx.Execute(
                    "INSERT INTO generation (generation, key_label, certificate, created_at, next_counter) "
                    + "VALUES (@i, @label, @der, 5, 6)",
                    new { i = (long)i, label = $"鍵 \"{i}\"\n", der = i % 2 == 0 ? null : new byte[i * 100] });
            }
        });

        using MemoryStream lines = new();
        Assert.Equal(700, one.Store.Read(db => generation.Write(db, lines)));
        lines.Position = 0;
        Assert.Equal(700, await generation.Load(other.Store, lines));

        using MemoryStream again = new();
        other.Store.Read(db => generation.Write(db, again));
        Assert.Equal(lines.ToArray(), again.ToArray());
    }

    [Theory]
    [InlineData("{\"generation\":1", "does not end")]
    [InlineData("{\"generation\":\n", "is no row")]
    [InlineData("{\"generation\":1.5}\n", "is no row")]
    [InlineData("{\"password\":\"x\"}\n", "has no column password")]
    [InlineData("[1]\n", "is no row")]
    public async Task A_line_that_is_no_row_is_refused(string text, string why)
    {
        using Books books = new("authority", null);
        using MemoryStream lines = new(Encoding.UTF8.GetBytes(text));

        var wrong = await Assert.ThrowsAsync<FormatException>(() =>
            Tables("authority")[0].Load(books.Store, lines));

        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<HandedTable> Tables(string room) => room switch
    {
        "authority" => Jpki.Authority.HandedOver.Tables,
        "control" => Jpki.ControlRoom.HandedOver.Tables,
        _ => Jpki.Verifiers.HandedOver.Tables,
    };

    private sealed class Books : IDisposable
    {
        private readonly ScratchFolder folder = new();
        private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
        private readonly LogKey key;

        public Books(string room, string? database)
        {
            key = LogKey.Create($"{room}.jpki-test", random);
            Store = Store.Open(new()
            {
                Location = database ?? folder["store.db"],
                Room = room,
                Assembly = room switch
                {
                    "authority" => typeof(Jpki.Authority.AuthorityRoom).Assembly,
                    "control" => typeof(Jpki.ControlRoom.OperatorsConsole).Assembly,
                    _ => typeof(Jpki.Verifiers.VerifiersRoom).Assembly,
                },
                LogKey = key,
            });
        }

        public Store Store { get; }

        public void Dispose()
        {
            Store.Dispose();
            key.Dispose();
            random.Dispose();
            folder.Dispose();
        }
    }
}
