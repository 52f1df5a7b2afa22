using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Tests.Rooms.Authority;
using Jpki.Tests.Rooms.ControlRoom;
using Jpki.Verifiers;
using Jpki.X509;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Tests.Rooms.Verifiers;

/// <summary>The Verifiers' room with its books in a folder of its own, in front of the real Authority's door.</summary>
internal sealed class VerifierHouse : IAsyncDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly ECDsa control = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private AuthorityDoor door = null!;

    public AuthorityHouse Authority { get; private set; } = null!;

    public VerifiersRoom Room { get; private set; } = null!;

    public Caller ControlRoom { get; private set; } = null!;

    public static async Task<VerifierHouse> Open()
    {
        VerifierHouse house = new() { Authority = await AuthorityHouse.Open() };
        house.ControlRoom = ConsoleHouse.NewCaller(CallerRole.ControlRoom, "control-room", house.control);
        house.door = await AuthorityDoor.Open(house.Authority, CallerRole.Verifiers, "verifiers");
        house.Room = await VerifiersRoom.Open(
            house.folder.Root, house.folder["verifiers.db"], house.door.Client, "ou=Verifiers,o=JPKI-TEST,c=JP",
            house.Authority.Clock, house.random);
        return house;
    }

    /// <summary>An order that two senior operators agreed on, as the control room sends it.</summary>
    public ApprovedOrder Papers<T>(Duty duty, T order) where T : class => Authority.Papers(duty, order, control);

    /// <summary>Somebody who gave notice and signed the agreement.</summary>
    public async Task<string> Agreed(ECDsa key)
    {
        var receipt = ConsoleHouse.Done(await Room.Notify(new()
        {
            Name = "検証者",
            Kind = VerifierKind.Court,
            Purpose = "申立て",
            CertificationRequest = CertificationRequest.Create(
                Name.Parse("CN=verifier"), PublicKey.From(key), SignatureAlgorithm.EcdsaSha256,
                hash => key.SignHash(hash.ToArray(), DSASignatureFormat.Rfc3279DerSequence)),
        }));
        ConsoleHouse.Done(await Room.Agree(new(receipt.Id, Signature(key, receipt.Agreement))));
        return receipt.Id;
    }

    public async Task<string> Admitted(ECDsa key)
    {
        var id = await Agreed(key);
        ConsoleHouse.Done(await Room.Admit(Papers(Duties.AdmitVerifiers, new AdmissionOrder(id)), ControlRoom));
        return id;
    }

    public Task<Outcome<AdmissionEnding>> End(string id) =>
        Room.End(Papers(Duties.EndAdmissions, new AdmissionEnding(id, "取決めの終了")), ControlRoom);

    public Task<Outcome<AdmissionAnswer>> Collect(string id, ECDsa key)
    {
        Authority.Clock.Advance(TimeSpan.FromSeconds(1));
        var at = Authority.Clock.GetUtcNow();
        return Room.Collect(new(id, at, Signature(key, CredentialsRequest.TextOf(id, at))));
    }

    public async Task<IReadOnlyList<string>> Listed() =>
        [.. (await Room.Admissions(-1, TimeSpan.Zero, CancellationToken.None)).Admitted.Select(a => a.Id)];

    public async ValueTask DisposeAsync()
    {
        await Room.DisposeAsync();
        await door.DisposeAsync();
        await Authority.DisposeAsync();
        control.Dispose();
        random.Dispose();
        folder.Dispose();
    }

    private static byte[] Signature(ECDsa key, string text) => key.SignData(
        Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
