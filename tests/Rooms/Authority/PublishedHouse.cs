using System.Net;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host.Outside;
using Jpki.Repository;
using Jpki.X509;
using Jpki.X509.Paths;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>The Authority and a real Repository, whose shelves take what the one hands to the other.</summary>
internal sealed class PublishedHouse : IAsyncDisposable
{
    private readonly Shelves shelves;
    private readonly IntoShelves door;
    private Published read = new(0, [], [], []);
    private (long Version, Dictionary<Certificate, PathPool> Of) pools = (0, []);

    private PublishedHouse(AuthorityHouse authority, Action<string> reached)
    {
        Authority = authority;
        shelves = new(authority["shelves"], PrefectureNames.Sandbox, _ => Task.CompletedTask, authority.Clock);
        door = new(shelves, reached);
        Reopen();
    }

    public AuthorityHouse Authority { get; }

    public Publisher Publisher { get; private set; } = null!;

    /// <summary>Whether the Repository can be reached.</summary>
    public bool IsReachable { set => door.IsReachable = value; }

    /// <param name="authority">A new one when it is null.</param>
    /// <param name="reached">Is told how far a publication has come.</param>
    public static async Task<PublishedHouse> Open(AuthorityHouse? authority = null, Action<string>? reached = null)
    {
        PublishedHouse house = new(authority ?? await AuthorityHouse.Open(), reached ?? (_ => { }));
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

    public IReadOnlyList<Certificate> Certificates => Objects.Certificates;

    public IReadOnlyList<Crl> Lists => Objects.Lists;

    /// <summary>What stands in the governor's entry for relying parties of other domains.</summary>
    public IReadOnlyList<CrossCertificatePair> Pairs => Objects.Pairs;

    /// <summary>For paths from that anchor over all that is published; made anew after each publication.</summary>
    public PathPool PoolOf(Certificate anchor)
    {
        var objects = Objects;
        if (pools.Version != objects.Version)
            pools = (objects.Version, []);
        return pools.Of.TryGetValue(anchor, out var known)
            ? known
            : pools.Of[anchor] = new([anchor], objects.Certificates, objects.Lists);
    }

    /// <summary>As they are on disk, read anew after each publication.</summary>
    private Published Objects
    {
        get
        {
            if (read.Version == shelves.Version)
                return read;
            ShelfFiles files = new(Authority["shelves"]);
            var shelf = files.Load();
            return read = new(
                shelf.Version,
                [.. shelf.Of(Schema.CaCertificate).Select(l => Certificate.Read(files.Read(l.Digest)))],
                [.. shelf.Leaves.Where(l => l.List is not null).Select(l => Crl.Read(files.Read(l.Digest)))],
                [.. shelf.Of(Schema.CrossPair).Select(l => CrossCertificatePair.Read(files.Read(l.Digest)))]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Publisher.Dispose();
        shelves.Dispose();
        door.Dispose();
        await Authority.DisposeAsync();
    }

    private void Reopen() => Publisher = new(
        Authority.Room, new(door, disposeHandler: false) { BaseAddress = new("https://repository/") }, Authority.Clock);

    private sealed record Published(
        long Version, IReadOnlyList<Certificate> Certificates, IReadOnlyList<Crl> Lists,
        IReadOnlyList<CrossCertificatePair> Pairs);

    private sealed class IntoShelves(Shelves shelves, Action<string> reached)
        : DelegatingHandler(new ShelfDoor(shelves))
    {
        private int objects;

        public bool IsReachable { get; set; } = true;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!IsReachable)
                throw new HttpRequestException("no route");
            var answer = await base.SendAsync(request, cancellationToken);
            objects = answer.StatusCode == HttpStatusCode.NoContent ? objects + 1 : 0;
            reached(objects > 0 ? $"object {objects} handed over" : "shelves");
            return answer;
        }
    }
}
