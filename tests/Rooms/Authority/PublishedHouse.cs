using System.Net;
using System.Net.Http.Json;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Repository;
using Jpki.X509;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>The Authority and a real Repository, whose shelves take what the one hands to the other.</summary>
internal sealed class PublishedHouse : IAsyncDisposable
{
    private readonly Shelves shelves;
    private readonly IntoShelves door;

    private PublishedHouse(AuthorityHouse authority)
    {
        Authority = authority;
        shelves = new(authority["shelves"], PrefectureNames.Sandbox, _ => Task.CompletedTask, authority.Clock);
        door = new(shelves);
        Reopen();
    }

    public AuthorityHouse Authority { get; }

    public Publisher Publisher { get; private set; } = null!;

    /// <summary>Whether the Repository can be reached.</summary>
    public bool IsReachable { set => door.IsReachable = value; }

    public static async Task<PublishedHouse> Open(AuthorityHouse? authority = null)
    {
        PublishedHouse house = new(authority ?? await AuthorityHouse.Open());
        await house.DoWhatIsDue();
        return house;
    }

    public async Task Restart()
    {
        await Authority.Restart();
        Publisher.Dispose();
        Reopen();
    }

    public Task DoWhatIsDue() => Publisher.DoWhatIsDue(CancellationToken.None);

    public Task<Outcome<RolloverAnswer>> Renew(int generation, string? algorithm = null) => Publisher.Renew(
        Authority.Agreed(Duties.RenewAuthorityKey, new RolloverOrder(generation, algorithm)));

    public Task<Outcome<CompromiseReport>> Declare(int generation) => Publisher.Declare(
        Authority.Agreed(Duties.DeclareCompromise, new CompromiseOrder(generation, "訓練")));

    public IReadOnlyList<Certificate> Certificates =>
        [.. Objects.Where(o => !o.IsList).Select(o => Certificate.Read(o.Der))];

    public IReadOnlyList<Crl> Lists => [.. Objects.Where(o => o.IsList).Select(o => Crl.Read(o.Der))];

    private IReadOnlyList<Leaf> Objects => new ShelfFiles(Authority["shelves"]).Load().Leaves;

    public async ValueTask DisposeAsync()
    {
        Publisher.Dispose();
        shelves.Dispose();
        door.Dispose();
        await Authority.DisposeAsync();
    }

    private void Reopen() => Publisher = new(
        Authority.Room, new(door, disposeHandler: false) { BaseAddress = new("https://repository/") }, Authority.Clock);

    private sealed class IntoShelves(Shelves shelves) : HttpMessageHandler
    {
        public bool IsReachable { get; set; } = true;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!IsReachable)
                throw new HttpRequestException("no route");
            var publication =
                (await request.Content!.ReadFromJsonAsync<Publication>(FormJson.Options, cancellationToken))!;
            return (await shelves.Publish(publication, "authority")).IsRefused(out var refusal, out _)
                ? new(HttpStatusCode.UnprocessableEntity) { Content = new StringContent(refusal.Reason) }
                : new(HttpStatusCode.OK);
        }
    }
}
