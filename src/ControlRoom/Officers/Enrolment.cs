using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.ControlRoom.Officers;

/// <summary>What somebody who has been registered brings to become an officer.</summary>
public sealed record EnrolmentForm
{
    public required string Id { get; init; }

    /// <summary>The two halves with a hyphen.</summary>
    public required string Code { get; init; }

    /// <summary>PKCS#10 with the key of his card.</summary>
    public required byte[] CertificationRequest { get; init; }

    public required string Password { get; init; }

    public override string ToString() => Id;
}

/// <summary>His certificate, DER.</summary>
public sealed record Enrolled(byte[] Certificate);

/// <summary>
/// Registers officers and gives those who come with their one-time code a certificate. 要員の登録 (CPS 5-2-2③, 5-2-3)
/// </summary>
public sealed class Enrolment(
    Store store, NeighbourDoor authority, TimeProvider clock, RandomNumberGenerator random, OfficerOptions options)
{
    private const int MostFailures = 5;

    private static readonly Refusal WrongCode =
        new("5-2-3", "ID か初期登録コードが正しくないか、期限切れです。 Wrong ID or code, or it has ended.");

    private readonly PasswordGate gate = new(random);

    /// <summary>
    /// The first officers, on a control room where two senior operators have never registered any: a code for each who
    /// has not logged in yet. (CPS 5-2-1-1)
    /// </summary>
    public async Task<Outcome<IReadOnlyDictionary<string, string>>> Bootstrap(
        IReadOnlyList<OfficerRegistration> first)
    {
        if (first.Select(f => RegistrationRules.Objection(f)).FirstOrDefault(o => o is not null) is { } objection)
            return objection;
        if (first.GroupBy(f => f.StaffNumber).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return RegistrationRules.SamePerson(twice.First().Id);
        Dictionary<string, string> codes = [];
        List<OfficerRow> rows = [];
        foreach (var registration in first)
        {
            var (one, two) = (EnrolmentCode.NewHalf(random), EnrolmentCode.NewHalf(random));
            codes[registration.Id] = EnrolmentCode.Join(one, two);
            rows.Add(RowOf(registration, null, await gate.Hash(one), await gate.Hash(two)));
        }
        var refusal = await store.Write(tx => Begin(tx, rows));
        return refusal is not null ? refusal : codes;
    }

    /// <summary>Does what two senior operators agreed on; the code's halves are with them.</summary>
    internal Refusal? Register(StoreTransaction tx, OfficerRegistration registration, string papers, string secrets)
    {
        if (ObjectionOnRecord(tx, registration) is { } refusal)
            return refusal;
        var halves = secrets.Split(' ');
        OfficerBooks.Save(tx, RowOf(registration, papers, halves[0], halves[1]));
        tx.Record(new("officer registered", clock.GetUtcNow(), "ok", "control room",
            $"{registration.Id}: {string.Join(", ", registration.Roles)}"));
        return null;
    }

    internal static Refusal Unknown { get; } =
        new("5-2-2③", "そのような要員はいません。 There is no such officer.") { Field = "id" };

    internal static Refusal? Withdraw(StoreTransaction tx, string id)
    {
        if (OfficerBooks.Find(tx, id) is not { } officer)
            return Unknown;
        OfficerBooks.Withdraw(tx, officer.Id);
        return null;
    }

    private static Refusal? ObjectionOnRecord(StoreTransaction tx, OfficerRegistration registration) =>
        OfficerBooks.HolderOf(tx, registration.StaffNumber) is { } holder && holder != registration.Id
            ? RegistrationRules.SamePerson(holder)
        : OfficerBooks.Find(tx, registration.Id) is { } known && known.StaffNumber != registration.StaffNumber
            ? new("5-2-2③", $"ID {registration.Id} は別の人のものです。 This ID is somebody else's.")
        : null;

    /// <summary>Makes an officer of who brings the right code, a key of his own and a password.</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The request is not PKCS#10.</exception>
    public async Task<Outcome<Enrolled>> Enrol(EnrolmentForm form)
    {
        if (PasswordRules.Objection(form.Id, form.Password, form.Password) is { } bad)
            return bad;
        var request = CertificationRequest.Read(form.CertificationRequest);
        if (await CodeObjection(form) is { } refusal)
            return refusal;
        var key = Convert.ToHexString(SHA256.HashData(request.PublicKey.Der.Span));
        var (row, holder) = store.Read(db => (OfficerBooks.Find(db, form.Id)!, OfficerBooks.HolderOfKey(db, key)));
        if (holder is not null && holder != form.Id)
            return new Refusal("5-2-2①", "この鍵は登録済みです。1 枚のカードは 1 人のものです。 The key is in use.");
        if (row.State == (long)OfficerState.Active)
        {
            return row.KeySha256 == key
                ? new Enrolled(row.Certificate!)
                : new Refusal("5-2-3", "初期登録コードは別の鍵に使われました。 The code was used for another key.");
        }
        return (await Certify(form, row)).IsRefused(out var no, out var certificate)
            ? no
            : await Enrol(form, key, certificate);
    }

    private async Task<Outcome<Certificate>> Certify(EnrolmentForm form, OfficerRow row)
    {
        var answer = await authority.Send<ClientCertificateAnswer>("operators/officers", new OfficerCertificateRequest
        {
            Id = form.Id,
            CertificationRequest = form.CertificationRequest,
            Registration = row.Registration is null
                ? null
                : JsonSerializer.Deserialize<ApprovedOrder>(row.Registration, FormJson.Options),
        });
        return answer.IsRefused(out var no, out var issued) ? no : Certificate.Read(issued.Certificate);
    }

    private async Task<Enrolled> Enrol(EnrolmentForm form, string key, Certificate certificate)
    {
        var hash = await gate.Hash(form.Password);
        await store.Write(tx =>
        {
            OfficerBooks.Enrol(tx, form.Id, certificate, key);
            OfficerBooks.SetPassword(tx, form.Id, hash, clock.GetUtcNow(), options.PasswordLife);
            tx.Record(new("officer enrolled", clock.GetUtcNow(), "ok", form.Id, $"certificate {certificate.Serial}"));
        });
        return new(certificate.Der.ToArray());
    }

    /// <summary>As with passwords, an attempt is counted before it is compared.</summary>
    private async Task<Refusal?> CodeObjection(EnrolmentForm form)
    {
        var row = await store.Write(tx => BeginCode(tx, form.Id));
        var (one, two) = EnrolmentCode.Split(form.Code);
        // Both are compared always: the time tells nothing about either.
        var isRight = await gate.IsRight(one, row?.CodeOne) & await gate.IsRight(two, row?.CodeTwo);
        if (isRight)
            return null;
        await store.Write(tx => tx.Record(new("enrolment", clock.GetUtcNow(), "refused CPS 5-2-3", "a stranger")));
        return WrongCode;
    }

    private OfficerRow? BeginCode(StoreTransaction tx, string id)
    {
        var now = clock.GetUtcNow();
        if (OfficerBooks.Find(tx, id) is not { CodeOne: not null } row
            || row.CodeExpiresAt <= now.ToUnixTimeMilliseconds()
            || row.LockedUntil > now.ToUnixTimeMilliseconds())
        {
            return null;
        }
        OfficerBooks.CountFailure(tx, row, MostFailures, now + options.LockOut);
        return row;
    }

    private Refusal? Begin(StoreTransaction tx, IReadOnlyList<OfficerRow> rows)
    {
        if (tx.QueryFirstOrDefault<long>("SELECT COUNT(*) FROM officer WHERE registration IS NOT NULL") > 0)
            return new("5-2-2③", "officers are registered by two senior operators");
        foreach (var row in rows.Where(r => OfficerBooks.Find(tx, r.Id) is null or { CodeOne: not null }))
        {
            OfficerBooks.Save(tx, row);
            tx.Record(new("first officer named", clock.GetUtcNow(), "ok", "bootstrap", $"{row.Id}: {row.Roles}"));
        }
        return null;
    }

    private OfficerRow RowOf(OfficerRegistration registration, string? papers, string codeOne, string codeTwo) => new()
    {
        Id = registration.Id,
        StaffNumber = registration.StaffNumber,
        Name = registration.Name,
        Roles = RoleText.Of(registration.Roles),
        State = (long)OfficerState.Registered,
        Registration = papers,
        CodeOne = codeOne,
        CodeTwo = codeTwo,
        CodeExpiresAt = (clock.GetUtcNow() + options.CodeLife).ToUnixTimeMilliseconds(),
    };
}
