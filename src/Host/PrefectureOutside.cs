using Jpki.Authority;
using Jpki.Forms;
using Jpki.Host.Outside;
using Jpki.Repository;
using Jpki.Validation;

namespace Jpki.Host;

/// <summary>The world outside, as the sandbox has it: made at the first asking, there again after a restart.</summary>
internal sealed partial class Prefecture
{
    private readonly SemaphoreSlim outsideGate = new(1);
    private OutsideWorld? outside;

    private string OutsideFolder => Path.Combine(data, "outside");

    private string OutsideWeb => $"http://{site.Address}:{ports.Watch}/outside";

    /// <summary>A site with names of its own says in its file where its neighbours answer.</summary>
    private IEnumerable<string> OutsideHosts => site.Names is not null ? []
        : [$"{site.Address}:{ports.BridgeLdap}", $"{site.Address}:{ports.Watch}"];

    private IEnumerable<DirectoryPlace> OutsideDirectories => site.Names is not null ? []
        : [new DirectoryPlace(names.Partners[0], new($"ldap://{site.Address}:{ports.BridgeLdap}"))];

    private bool HasOutside => Directory.Exists(OutsideFolder);

    /// <summary>A site with names of its own has real neighbours.</summary>
    private async Task<OutsideWorld> Outside(Doors doors)
    {
        await outsideGate.WaitAsync(stop.Token);
        try
        {
            if (outside is not null)
                return outside;
            if (site.Names is not null)
                throw new RefusedException(new("4-6", "this site has names of its own, and so a bridge CA of its own"));
            var world = Own(await OutsideWorld.Open(OutsideFolder, names, OutsideWeb, clock, random));
            var ldap = Own(new LdapServer(
                world.Bridge.Shelves, () => new AdmissionList(0, []), new(), TimeProvider.System));
            await doors.OpenRaw(new("bridge CA's LDAP", ports.BridgeLdap), ldap.OnConnectedAsync);
            Loop(world.Bridge.Run);
            return outside = world;
        }
        finally
        {
            outsideGate.Release();
        }
    }

    private async Task OpenOutside(Doors doors)
    {
        if (HasOutside)
            await Outside(doors);
    }

    private void MapOutside(IEndpointRouteBuilder door, Doors doors, AuthorityRoom authority) => OutsideDoor.Map(
        door, () => Outside(doors), () => HasOutside, () => authority.TrustAnchors[^1].PublicKey, IsSandboxToken);
}
