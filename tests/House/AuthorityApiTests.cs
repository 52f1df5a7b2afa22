using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Authority.Cmp;
using Jpki.Tests.Rooms.Authority;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>What a vendor reads about the Authority's door is what the door does.</summary>
public sealed class AuthorityApiTests
{
    [Fact]
    public void The_kept_description_is_todays() => Golden.Check(AuthorityApi.File, AuthorityApi.Today());

    [Fact]
    public void A_foreign_reader_finds_no_fault_in_it()
    {
        var read = OpenApiDocument.Parse(Tree.Read(AuthorityApi.File), "json");

        Assert.Empty(read.Diagnostic!.Errors.Select(e => $"{e.Pointer}: {e.Message}"));
        Assert.Empty(read.Diagnostic.Warnings.Select(e => $"{e.Pointer}: {e.Message}"));
    }

    [Fact]
    public async Task Every_route_for_terminals_is_in_it_and_no_other()
    {
        await using var house = await AuthorityHouse.Open();
        using var random = RandomNumberGenerator.Create();
        using HttpClient nobody = new();
        using Publisher publisher = new(house.Room, nobody, house.Clock);
        await using var door = WebApplication.CreateSlimBuilder().Build();
        door.MapAuthority(house.Room, publisher);
        door.MapCmp(house.Room, () => house.Terminal.Certificate, random);

        var mapped = ((IEndpointRouteBuilder)door).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/counters", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(m => $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}"));
        var told = OpenApiDocument.Parse(Tree.Read(AuthorityApi.File), "json").Document!.Paths
            .SelectMany(p => p.Value.Operations!.Keys.Select(m => $"{m.ToString().ToUpperInvariant()} {p.Key}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }
}
