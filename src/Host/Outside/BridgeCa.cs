using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Repository;
using Jpki.X509;

namespace Jpki.Host.Outside;

/// <summary>
/// The bridge CA on the other side: the Authority's and the Repository's own program under the bridge's names, without
/// municipalities. Its officers are made up; that they agreed is its own affair. 個人認証 BCA (CPS 1-3-1(5))
/// </summary>
internal sealed class BridgeCa : IAsyncDisposable
{
    private readonly AuthorityRoom room;
    private readonly Publisher publisher;
    private readonly X509Certificate2 office;
    private readonly HttpClient door;
    private readonly TimeProvider clock;
    private readonly RandomNumberGenerator random;
    private int orders;

    private BridgeCa(
        AuthorityRoom room, Shelves shelves, X509Certificate2 office, TimeProvider clock, RandomNumberGenerator random)
    {
        (this.room, Shelves, this.office, this.clock, this.random) = (room, shelves, office, clock, random);
        door = new(new ShelfDoor(shelves)) { BaseAddress = new("http://bridge/") };
        publisher = new(room, door, clock);
    }

    /// <summary>What its directory answers from.</summary>
    public Shelves Shelves { get; }

    public X509.Certificate Certificate => room.TrustAnchors[^1];

    public static async Task<BridgeCa> Open(
        string folder, PrefectureNames names, TimeProvider clock, RandomNumberGenerator random)
    {
        SoftwareHsm hsm = new(Path.Combine(folder, "keys"));
        var opened = await AuthorityRoom.Open(new()
        {
            Folder = folder,
            Database = Path.Combine(folder, "store.db"),
            Hsm = hsm,
            OperationsHsm = hsm,
            Names = names,
            // Whoever comes over the bridge knows it by somebody else's certificate.
            Choices = ProfileChoices.Default with { CrossNamesIssuer = false },
            Partitions = [],
            Clock = clock,
            Random = random,
        });
        if (opened.IsRefused(out var no, out var room))
            throw new RefusedException(no);
        TlsIdentities identities = new(Path.Combine(folder, "tls"), room.Operations, []);
        Directory.CreateDirectory(Path.Combine(folder, "tls"));
        BridgeCa bridge = new(
            room, new(Path.Combine(folder, "directory"), names, room.Record, clock),
            (await identities.Client(CallerRole.ControlRoom, "control-room")).Current, clock, random);
        await bridge.publisher.DoWhatIsDue(CancellationToken.None);
        return bridge;
    }

    /// <summary>Keeps its ARL fresh.</summary>
    public Task Run(CancellationToken stop) => publisher.Run(stop);

    /// <summary>PKCS#10.</summary>
    public byte[] Apply() => room.Cross.Apply().CertificationRequest;

    /// <summary>Gives a partner a certificate.</summary>
    /// <param name="request">The partner's PKCS#10.</param>
    /// <param name="key">The partner's key, as it came by another way.</param>
    /// <param name="mappings">Which of the partner's policies is worth which of the bridge's.</param>
    public async Task<X509.Certificate> Give(
        byte[] request, X509.PublicKey key, params ImmutableArray<PolicyMapping> mappings)
    {
        var given = await room.Cross.Issue(Agreed(Duties.IssueCrossCertificate, new CrossRequest
        {
            Occasion = CrossOccasion.First,
            CertificationRequest = request,
            KeySha256 = Convert.ToHexString(SHA256.HashData(key.Der.Span)),
            Mappings = mappings,
        }));
        return given.IsRefused(out var no, out var answer)
            ? throw new RefusedException(no)
            : X509.Certificate.Read(answer.Certificate);
    }

    /// <summary>Takes what a partner gave.</summary>
    public async Task Take(byte[] certificate)
    {
        if ((await room.Cross.Accept(Agreed(Duties.IssueCrossCertificate, new CrossAcceptance(certificate))))
            .Refusal is { } no)
        {
            throw new RefusedException(no);
        }
    }

    /// <summary>Both receipts of an exchange are filed: the pair is published. (CPS 4-8)</summary>
    /// <param name="given">What the bridge gave.</param>
    /// <param name="taken">What it was given.</param>
    public async Task Complete(X509.Certificate given, X509.Certificate taken)
    {
        await File(given.Serial, given.Subject, isOurs: true);
        await File(taken.Serial, taken.Issuer, isOurs: false);
        await publisher.DoWhatIsDue(CancellationToken.None);
    }

    /// <summary>The certificate that it gave this partner and that is valid now; null when there is none.</summary>
    public X509.Certificate? GivenTo(Name partner) => room.Cross.Pairs()
        .Select(p => CrossCertificatePair.Read(p).IssuedByThisCa!)
        .FirstOrDefault(c => c.Subject.Equals(partner));

    public async ValueTask DisposeAsync()
    {
        publisher.Dispose();
        door.Dispose();
        Shelves.Dispose();
        office.Dispose();
        await room.DisposeAsync();
    }

    private async Task File(SerialNumber serial, Name partner, bool isOurs)
    {
        if ((await room.Cross.File(
            new() { Partner = $"{partner}", Serial = $"{serial}", IsOurs = isOurs, Receipt = "made up" },
            "bridge-receptionist")).Refusal is { } no)
        {
            throw new RefusedException(no);
        }
    }

    private Approved<CrossOrder<T>> Agreed<T>(Duty duty, T subject)
    {
        var at = clock.GetUtcNow();
        var id = new byte[8];
        random.GetBytes(id);
        CrossOrder<T> order = new(
            new()
            {
                Case = $"bridge-{Interlocked.Increment(ref orders)}",
                RequesterProof = "made up",
                ConnectionTest = "made up",
                Reception = new("bridge-receptionist", at, "ok"),
                Examination = new("bridge-examiner", at, "ok"),
                Approval = new("bridge-approver", at, "ok"),
            }, subject);
        var body = JsonSerializer.SerializeToUtf8Bytes(order, FormJson.Options);
        ActApproval approval = new()
        {
            Id = Convert.ToHexStringLower(id),
            Duty = duty.Name,
            Digest = SHA256.HashData(body),
            Consents = [new("bridge-1", duty.Roles, "1", at), new("bridge-2", duty.Roles, "2", at)],
            InstructedBy = "bridge-manager",
            ExpiresAt = at.AddHours(1),
        };
        using var key = office.GetECDsaPrivateKey()!;
        return Approvals.Prove<CrossOrder<T>>(
            new() { Approval = SignedForm.Sign(approval, key), Order = body }, duty, Caller.Of(office)!, at).Value!;
    }
}
