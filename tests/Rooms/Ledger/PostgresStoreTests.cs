using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

public sealed class PostgresStoreTests(PostgresServer server) : StoreTests, IClassFixture<PostgresServer>
{
    private protected override string Location { get; } = server.NewDatabase();
}
