using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Jpki.Forms;

namespace Jpki.ControlRoom.Watch;

/// <summary>A room whose health is watched, and the way to its door.</summary>
public sealed record WatchedRoom(string Name, HttpClient Door);

/// <summary>Goes round the house and asks every room how it is, at its door, like anybody. 巡回</summary>
public sealed class SystemWatch(NeighbourDoor authority, IReadOnlyList<WatchedRoom> rooms, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly DateTimeOffset openedAt = TimeProvider.System.GetUtcNow();
    private readonly long opened = TimeProvider.System.GetTimestamp();

    /// <summary>The Authority is asked before the responders: who is behind was behind when it answered.</summary>
    public async Task<SystemState> Look(RecordedDates dates, int waitingActs, CancellationToken stop)
    {
        var watch = await Authority();
        return new()
        {
            At = clock.GetUtcNow(),
            Authority = watch,
            Rooms = [.. await Task.WhenAll(rooms.Select(room => Ask(room, stop)))],
            ClockWasSetBy = TimeProvider.System.GetUtcNow() - openedAt - TimeProvider.System.GetElapsedTime(opened),
            LastBackup = dates.Backup,
            WaitingActs = waitingActs,
        };
    }

    /// <summary>What the Authority says of itself; null when it does not answer.</summary>
    public async Task<AuthorityWatch?> Authority()
    {
        try
        {
            return (await authority.Get<AuthorityWatch>("operators/watch")).Value;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<RoomAnswer> Ask(WatchedRoom room, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        var before = clock.GetUtcNow();
        try
        {
            using HttpRequestMessage question = new(HttpMethod.Get, "healthz");
            question.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await room.Door.SendAsync(question, patience.Token);
            var health = await answer.Content.ReadFromJsonAsync<RoomHealth>(FormJson.Options, patience.Token);
            return new(room.Name, health, null, before + ((clock.GetUtcNow() - before) / 2));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException)
        {
            return new(room.Name, null, e is OperationCanceledException ? "2 秒待ちました" : e.Message, before);
        }
    }
}
