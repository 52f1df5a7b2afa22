using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>A bridge CA beside the Authority: a name, a key, and certificates bent as a test wants them.</summary>
internal sealed class CrossHouse : IAsyncDisposable
{
    private int numbers;

    /// <param name="house">The Authority; this house ends it with itself.</param>
    public CrossHouse(AuthorityHouse house) => House = house;

    public AuthorityHouse House { get; }

    public TestKey Key { get; } = TestKey.Rsa(2048);

    public static Name BridgeName => PrefectureNames.Sandbox.Partners[0];

    public CrossOffice Office => House.Room.Cross;

    public static async Task<CrossHouse> Open() => new(await AuthorityHouse.Open());

    public static CrossPapers Papers => new()
    {
        Case = "C1",
        RequesterProof = "協議会の届出と印影を照合した",
        ConnectionTest = "2026-11-20 合格",
        Reception = new("reception-1", new(2026, 11, 20, 1, 0, 0, TimeSpan.Zero), "受け付けた"),
        Examination = new("examiner-1", new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero), "適合"),
        Approval = new("approver-1", new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero), "承認"),
    };

    public CrossRequest Request(Name? name = null, TestKey? key = null, TestKey? signer = null)
    {
        key ??= Key;
        signer ??= key;
        return new()
        {
            Occasion = CrossOccasion.First,
            CertificationRequest = CertificationRequest.Create(
                name ?? BridgeName, key.PublicKey, signer.Algorithm, signer.SignHash),
            KeySha256 = Convert.ToHexString(SHA256.HashData(key.PublicKey.Der.Span)),
        };
    }

    /// <summary>A request that OpenSSL makes under the bridge's name, with a key of its own.</summary>
    public CrossRequest Foreign(params string[] options)
    {
        using ScratchFolder scratch = new();
        Tool.Run("openssl",
        [
            "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", scratch["key.pem"], "-outform", "DER",
            "-out", scratch["request.der"], "-utf8", "-subj", Subject(BridgeName), .. options,
        ]).Succeeded();
        var request = System.IO.File.ReadAllBytes(scratch["request.der"]);
        var key = CertificationRequest.Read(request).PublicKey;
        return Request() with
        {
            CertificationRequest = request,
            KeySha256 = Convert.ToHexString(SHA256.HashData(key.Der.Span)),
        };
    }

    /// <summary>As OpenSSL wants it: from the country on.</summary>
    private static string Subject(Name name) =>
        string.Concat($"{name}".Split(',').Reverse().Select(part => $"/{part}"));

    public Task<Outcome<CrossAnswer>> Issue(CrossRequest? request = null, CrossPapers? papers = null) =>
        Office.Issue(House.Agreed(
            Duties.IssueCrossCertificate, new CrossOrder<CrossRequest>(papers ?? Papers, request ?? Request())));

    public Task<Outcome<CrossAnswer>> Accept(Certificate certificate) => Office.Accept(House.Agreed(
        Duties.IssueCrossCertificate,
        new CrossOrder<CrossAcceptance>(Papers, new(certificate.Der.ToArray()))));

    public Task<Outcome<CrossAnswer>> Revoke(string serial, CrossEnd cause, CrossParty askedBy = CrossParty.Governor) =>
        Office.Revoke(House.Agreed(
            Duties.RevokeCrossCertificate, new CrossOrder<CrossRevocation>(Papers, new(serial, cause, askedBy))));

    /// <summary>What the bridge gives us.</summary>
    public Certificate Given(Func<CertificateContent, CertificateContent>? bent = null, TestKey? signer = null)
    {
        var at = House.Clock.GetUtcNow();
        var anchor = House.Room.Governor.TrustAnchor;
        signer ??= Key;
        CertificateContent content = new()
        {
            Serial = SerialNumber.FromUnsigned([(byte)++numbers]),
            Algorithm = signer.Algorithm,
            Issuer = BridgeName,
            Subject = anchor.Subject,
            NotBefore = at.AddHours(-1),
            NotAfter = JapanTime.EndOfYears(at.AddHours(-1), Periods.CrossYears),
            PublicKey = anchor.PublicKey,
            Extensions = Constrained(PolicyOids.Test.Certificates),
        };
        return (bent?.Invoke(content) ?? content).Sign(signer.SignHash);
    }

    public static ImmutableArray<Extension> Constrained(string policy, bool isCa = true) =>
    [
        Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign),
        Extensions.BasicConstraints(isCa),
        Extensions.CertificatePolicies(critical: true, new PolicyInformation(policy)),
    ];

    /// <summary>Both directions, and both receipts.</summary>
    public async Task<(string Ours, Certificate Theirs)> Exchanged()
    {
        var ours = (await Issue()).Value!.Serial;
        var theirs = Given();
        if ((await Accept(theirs)).Refusal is { } no)
            throw new InvalidOperationException($"{no}");
        await File(ours, isOurs: true);
        await File($"{theirs.Serial}", isOurs: false);
        return (ours, theirs);
    }

    public Task<Outcome<CrossCompletion>> File(string serial, bool isOurs) => Office.File(
        new() { Partner = $"{BridgeName}", Serial = serial, IsOurs = isOurs, Receipt = "第 1 号" }, "reception-1");

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        Key.Dispose();
    }
}
