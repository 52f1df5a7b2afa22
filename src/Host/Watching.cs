using Jpki.ControlRoom.Watch;
using Jpki.Ledger;
using RoomLog = Jpki.ControlRoom.Logs.LogPlace;

namespace Jpki.Host;

/// <summary>What the operators' console is shown of the other rooms: their doors and their sealed logs.</summary>
internal sealed partial class Prefecture
{
    private WatchedRoom[] Watched(OperationsTrust trust, TlsIdentity identity) =>
    [
        new("OCSP レスポンダ", Own(trust.ClientFor(identity, Https(ports.OcspTls)))),
        new("リポジトリ", Own(trust.ClientFor(identity, Https(ports.Repository)))),
        new("受付窓口", Own(trust.ClientFor(identity, Https(ports.Counter)))),
        new("署名検証者の窓口", Own(trust.ClientFor(identity, Https(ports.Verifiers)))),
        new("官職証明書検証サーバ", Own(trust.ClientFor(null, Http(ports.Validation)))),
        new("情報公開用ウェブサイト", Own(trust.ClientFor(null, Http(ports.Site)))),
    ];

    /// <summary>Each log as anybody with its address reads it.</summary>
    private Func<IReadOnlyList<RoomLog>> LogPlaces()
    {
        var door = Own(new HttpClient());
        return () =>
        [
            .. Endpoints.Logs.Select(place => new RoomLog(
                place.Room, LogPublicKey.Read(place.Key), path => door.GetByteArrayAsync($"{place.Url}/{path}"))),
        ];
    }

    private Uri Http(int port) => new($"http://{site.Address}:{port}/");
}
