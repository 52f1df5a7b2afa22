using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Host.Outside;

/// <summary>
/// Who stands on the other side of the bridge: the bridge CA, a government's bridge and a ministry that certifies
/// officials; with their directory and their web pages. It is made when somebody first asks for an official.
/// </summary>
internal sealed class OutsideWorld : IAsyncDisposable
{
    private readonly string folder;
    private readonly PrefectureNames prefecture;
    private readonly BridgeCa bridge;
    private readonly MadeUpAuthority government;
    private readonly MadeUpAuthority ministry;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, byte[]> pages = [];

    private OutsideWorld(
        string folder, PrefectureNames prefecture, BridgeCa bridge, string web, TimeProvider clock)
    {
        (this.folder, this.prefecture, this.bridge, this.clock) = (folder, prefecture, bridge, clock);
        government = new(folder, "government", OutsideNames.GovernmentBridge, web, clock);
        ministry = new(folder, "ministry", OutsideNames.Ministry, web, clock);
    }

    public BridgeCa Bridge => bridge;

    /// <param name="folder">Its own.</param>
    /// <param name="prefecture">Whose neighbours these are.</param>
    /// <param name="web">The address under which <see cref="Page"/> is served.</param>
    /// <param name="clock">The prefecture's time.</param>
    /// <param name="random">For keys and numbers.</param>
    public static async Task<OutsideWorld> Open(
        string folder, PrefectureNames prefecture, string web, TimeProvider clock, RandomNumberGenerator random)
    {
        SecretFile.CreateFolder(folder);
        var bridge = await BridgeCa.Open(
            Path.Combine(folder, "bridge"), OutsideNames.BridgeOf(prefecture), clock, random);
        OutsideWorld world = new(folder, prefecture, bridge, web, clock);
        await world.Connect();
        return world;
    }

    /// <summary>A certificate or CRL on their web pages; null when there is none of that name.</summary>
    public byte[]? Page(string name) => name switch
    {
        "government.crl" => government.List().Der.ToArray(),
        "ministry.crl" => ministry.List().Der.ToArray(),
        "bridge.cer" => bridge.Certificate.Der.ToArray(),
        "bridge-government.cer" => bridge.GivenTo(government.Name)?.Der.ToArray(),
        _ => pages.GetValueOrDefault(name),
    };

    /// <summary>Gives the governor a certificate for his request, and takes the one that he gave. (CPS 4-8)</summary>
    /// <exception cref="RefusedException">One of them is not as agreed.</exception>
    public async Task<Certificate> Exchange(byte[] request, byte[] certificate, X509.PublicKey governor)
    {
        var given = await bridge.Give(request, governor);
        await bridge.Take(certificate);
        return given;
    }

    /// <summary>An official's certificate for this request. 官職証明書</summary>
    /// <exception cref="RefusedException">The request is not signed with its key.</exception>
    public async Task<Certificate> CertifyOfficial(byte[] request)
    {
        var asked = CertificationRequest.Read(request);
        if (!asked.IsSelfSigned)
            throw new RefusedException(new("3-1-11", "the request is not signed with its key"));
        await Connect();
        return ministry.CertifyOfficial(
            ministry.Name.With("CN", asked.Subject.Value(Oids.CommonName) ?? "Official"), asked.PublicKey,
            OutsideNames.MinistryPolicy, "government-ministry.cer");
    }

    /// <summary>False when the ministry issued no such certificate, or took it back before.</summary>
    public bool RevokeOfficial(string serial) => ministry.Revoke(serial);

    public ValueTask DisposeAsync() => bridge.DisposeAsync();

    /// <summary>
    /// The two bridges, and the ministry below the government's: again, when what they gave each other has ended.
    /// </summary>
    private async Task Connect()
    {
        Show("government.cer", government.CertifySelf);
        Show("ministry.cer", ministry.CertifySelf);
        Show("government-ministry.cer", () => government.CertifyAuthority(
            ministry.Name, ministry.PublicKey, new(OutsideNames.GovernmentPolicy, OutsideNames.MinistryPolicy),
            "bridge-government.cer"));
        if (bridge.GivenTo(government.Name) is not null)
            return;
        var ours = prefecture.Policies.Certificates;
        var given = await bridge.Give(
            government.Apply(), government.PublicKey, new PolicyMapping(ours, OutsideNames.GovernmentPolicy));
        var taken = government.CertifyAuthority(
            bridge.Certificate.Subject, bridge.Certificate.PublicKey, new(OutsideNames.GovernmentPolicy, ours), null);
        await bridge.Take(taken.Der.ToArray());
        await bridge.Complete(given, taken);
    }

    /// <summary>Lays a certificate on the web: the one that is there while it lasts, or a new one.</summary>
    private void Show(string name, Func<Certificate> make)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file) || !Certificate.Read(File.ReadAllBytes(file)).IsLiveAt(clock.GetUtcNow()))
            File.WriteAllBytes(file, make().Der.ToArray());
        pages[name] = File.ReadAllBytes(file);
    }
}
