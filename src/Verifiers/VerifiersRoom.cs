using System.Data.Common;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Verifiers;

/// <summary>
/// Takes the notices of those who must check residents' certificates, makes the agreement with them and gives them
/// access. Whoever is not on its list is told nothing by OCSP and LDAP. 署名検証者等の届出と取決め (CPS 4-4-4-3, 4-4-4-5)
/// </summary>
public sealed partial class VerifiersRoom : IAsyncDisposable
{
    private const int NameLength = 200;

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly Store store;
    private readonly LogKey logKey;
    private readonly HttpClient authority;
    private readonly string ldapBase;
    private readonly TimeProvider clock;
    private readonly RandomNumberGenerator random;
    private TaskCompletionSource changed = NewSignal();

    private VerifiersRoom(
        Store store, LogKey logKey, HttpClient authority, string ldapBase, TimeProvider clock,
        RandomNumberGenerator random)
    {
        (this.store, this.logKey, this.authority) = (store, logKey, authority);
        (this.ldapBase, this.clock, this.random) = (ldapBase, clock, random);
    }

    public LedgerHealth Health => store.Health;

    public LogReader Log => store.Log;

    /// <summary>Writes into the sealed log; done when it is durable.</summary>
    public Task Record(LedgerEvent happened) => store.Write(tx => tx.Record(happened));

    /// <param name="folder">Its own folder.</param>
    /// <param name="database">A SQLite file or a PostgreSQL address.</param>
    /// <param name="authority">Shows the Authority's door this room's certificate.</param>
    /// <param name="ldapBase">The directory name under which verifiers bind.</param>
    /// <param name="clock">The prefecture's time.</param>
    /// <param name="random">For ids and passwords.</param>
    public static async Task<VerifiersRoom> Open(
        string folder, string database, HttpClient authority, string ldapBase, TimeProvider clock,
        RandomNumberGenerator random)
    {
        SecretFile.CreateFolder(folder);
        var logKey = LogKey.OpenOrCreate(Path.Combine(folder, "log.key"), "verifiers.jpki-test", random);
        var store = Store.Open(new()
        {
            Location = database,
            Room = "verifiers",
            Assembly = typeof(VerifiersRoom).Assembly,
            LogKey = logKey,
            Time = clock,
        });
        VerifiersRoom room = new(store, logKey, authority, ldapBase, clock, random);
        await room.Record(new("start", clock.GetUtcNow(), "ok", "verifiers"));                // CPS 4-11-9
        return room;
    }

    /// <summary>Takes a notice. 届出</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The certification request is not PKCS#10.</exception>
    public async Task<Outcome<VerifierReceipt>> Notify(VerifierNotification notice)
    {
        var request = CertificationRequest.Read(notice.CertificationRequest);
        if (notice.Name.Length is 0 or > NameLength || notice.Purpose.Length is 0 or > 10 * NameLength)
            return new Refusal("4-4-4-3", "a notice names the verifier and the procedures it checks certificates for");
        if (!request.IsSelfSigned || request.PublicKey.IsRsa)
            return new Refusal("4-4-4-3", "the request must be signed with its own elliptic-curve key (P-256)");

        var id = "V" + RandomNumber(8);
        await store.Write(tx =>
        {
            tx.Execute(
                """
                INSERT INTO verifier (id, name, kind, purpose, request, state, notified_at)
                VALUES (@id, @Name, @kind, @Purpose, @CertificationRequest, 0, @now)
                """,
                new
                {
                    id,
                    notice.Name,
                    kind = notice.Kind.ToString(),
                    notice.Purpose,
                    notice.CertificationRequest,
                    now = Now
                });
            tx.Record(new("verifier notified", clock.GetUtcNow(), "ok", id));
        });
        return new VerifierReceipt(id, Agreement.For(id, notice.Name));
    }

    /// <summary>Takes the signed agreement. 取決めの締結 (CPS 2-1-2(32), 2-1-6(4))</summary>
    public async Task<Outcome<VerifierReceipt>> Agree(SignedAgreement agreement)
    {
        if (Find(agreement.Id) is not { } verifier)
            return new Refusal("4-4-4-3", "nobody gave notice under this number");
        var text = Agreement.For(verifier.Id, verifier.Name);
        var key = CertificationRequest.Read(verifier.Request).PublicKey;
        if (!key.Verify(SignatureAlgorithm.EcdsaSha256, Encoding.UTF8.GetBytes(text), agreement.Signature))
            return new Refusal("2-1-6(4)", "the agreement is not signed with the key of the notice");
        await store.Write(tx =>
        {
            tx.Execute(
                "UPDATE verifier SET state = 1, agreement_signature = @Signature, agreed_at = @now "
                + "WHERE id = @Id AND state = 0",
                new { agreement.Id, agreement.Signature, now = Now });
            tx.Record(new("agreement made", clock.GetUtcNow(), "ok", agreement.Id));
        });
        return new VerifierReceipt(verifier.Id, text);
    }

    /// <summary>Gives access, because the CA manager does: the verifier may fetch what it needs. アクセス権の付与</summary>
    /// <exception cref="System.Text.Json.JsonException">The approval or the order is none.</exception>
    public async Task<Outcome<AdmissionOrder>> Admit(ApprovedOrder papers, Caller controlRoom)
    {
        if (Approvals.Prove<AdmissionOrder>(papers, Duties.AdmitVerifiers, controlRoom, clock.GetUtcNow())
            .IsRefused(out var refusal, out var approved))
        {
            return await Refuse(controlRoom.Id, null, refusal);
        }
        var (id, by) = (approved.Order.Id, approved.Officers);
        if (Find(id) is not { } verifier)
            return await Refuse(by, null, Nobody);
        if (verifier.State != 1)
            return await Refuse(by, id, ObjectionTo(verifier));

        if ((await Certify(verifier)).IsRefused(out var uncertified, out var certificate))
            return await Refuse(by, id, uncertified);
        // Nobody's password, until the verifier fetches its own.
        var hash = PasswordHash.Create(RandomNumber(24), random);
        var admitted = await store.Write(tx => Admit(tx, approved, certificate, hash));
        if (admitted is not null)
            return await Refuse(by, id, admitted);
        Announce();
        return approved.Order;
    }

    /// <summary>Whether somebody was admitted by this approval, or ended.</summary>
    public ApprovalUse UseOf(string approval) => new(approval, store.Read(db => db.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM verifier WHERE approval = @approval OR end_approval = @approval", new { approval })) > 0);

    /// <summary>What an admitted verifier needs, for who holds its key; each time with a new password.</summary>
    public async Task<Outcome<AdmissionAnswer>> Collect(CredentialsRequest asked)
    {
        var now = clock.GetUtcNow();
        if (Find(asked.Id) is not { State: >= 2 } verifier)
            return await Refuse("a stranger", null, Nobody);
        if (!IsSignedNow(asked, verifier, now))
        {
            return await Refuse(
                "a stranger", asked.Id, new("4-4-4-3", "not signed just now with the key of the notice"));
        }
        if (verifier.State == 3)
            return await Refuse(asked.Id, asked.Id, Ended);
        if ((IsGood(verifier.Certificate, now) ? verifier.Certificate! : await Certify(verifier))
            .IsRefused(out var refusal, out var certificate))
        {
            return await Refuse(asked.Id, asked.Id, refusal);
        }
        var password = RandomNumber(24);
        var hash = PasswordHash.Create(password, random);
        if (!await store.Write(tx => Give(tx, asked, certificate, hash)))
            return new Refusal("4-4-4-3", "this request was answered before");
        Announce();
        return new AdmissionAnswer
        {
            Id = asked.Id,
            ClientCertificate = certificate,
            LdapDn = DnOf(asked.Id),
            LdapPassword = password,
        };
    }

    /// <summary>
    /// Everybody admitted, as soon as the list is newer than <paramref name="after"/> or the wait is over.
    /// </summary>
    public async Task<AdmissionList> Admissions(long after, TimeSpan wait, CancellationToken stop)
    {
        var next = Volatile.Read(ref changed).Task;
        var list = store.Read(Admissions);
        if (list.Version > after)
            return list;
        await Task.WhenAny(next, Task.Delay(wait, stop));
        return store.Read(Admissions);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        logKey.Dispose();
    }

    private static bool IsSignedNow(CredentialsRequest asked, VerifierRow verifier, DateTimeOffset at) =>
        (at - asked.At).Duration() <= Freshness
        && CertificationRequest.Read(verifier.Request).PublicKey.Verify(
            SignatureAlgorithm.EcdsaSha256,
            Encoding.UTF8.GetBytes(CredentialsRequest.TextOf(asked.Id, asked.At)), asked.Signature);

    /// <summary>A request is answered once: a copy of it gets nothing, nor does who was ended meanwhile.</summary>
    private bool Give(StoreTransaction tx, CredentialsRequest asked, byte[] certificate, string hash)
    {
        var isNew = tx.Execute(
            """
            UPDATE verifier SET ldap_password_hash = @hash, collected_at = @at, certificate = @certificate,
                   certificate_sha256 = @sha256
            WHERE id = @Id AND state = 2 AND COALESCE(collected_at, 0) < @at
            """,
            new
            {
                hash,
                at = asked.At.ToUnixTimeMilliseconds(),
                asked.Id,
                certificate,
                sha256 = Convert.ToHexString(SHA256.HashData(certificate)),
            }) == 1;
        if (isNew)
            tx.Execute("UPDATE admission_version SET version = version + 1");
        tx.Record(new("credentials collected", clock.GetUtcNow(), isNew ? "ok" : "refused CPS 4-4-4-3", asked.Id));
        return isNew;
    }

    /// <summary>One that is missing, because another organisation gave it, or that ends soon is replaced.</summary>
    private static bool IsGood(byte[]? certificate, DateTimeOffset at) =>
        certificate is not null && Certificate.Read(certificate).NotAfter - at > RenewalTimes.Opens;

    private async Task<Outcome<byte[]>> Certify(VerifierRow verifier)
    {
        using var answer = await authority.PostAsJsonAsync(
            "verifiers/certificates", new ClientCertificateRequest(verifier.Id, verifier.Request), FormJson.Options);
        if (await Answers.RefusalIn(answer) is { } refusal)
            return refusal;
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<ClientCertificateAnswer>(FormJson.Options))!.Certificate;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    private static AdmissionList Admissions(DbConnection db) => new(
        db.QuerySingle<long>("SELECT version FROM admission_version"),
        [.. db.Query<(string Id, string Name, string Sha256, string Dn, string Hash)>(
            "SELECT id, name, certificate_sha256, ldap_dn, ldap_password_hash FROM verifier "
            + "WHERE state = 2 ORDER BY id")
            .Select(v => new Admission
            {
                Id = v.Id,
                Name = v.Name,
                ClientCertificateSha256 = v.Sha256,
                LdapDn = v.Dn,
                LdapPasswordHash = v.Hash,
            })]);

    private static Refusal Nobody { get; } = new("4-4-4-3", "nobody gave notice under this number");

    private static Refusal ObjectionTo(VerifierRow verifier) => verifier.State == 0
        ? new("2-1-6(4)", "no agreement was made with this verifier yet")
        : verifier.State == 3 ? Ended : new("4-4-4-3", "this verifier was admitted before");

    private Refusal? Admit(
        StoreTransaction tx, Approved<AdmissionOrder> approved, byte[] certificate, string hash)
    {
        var isNew = tx.Execute(
            """
            UPDATE verifier SET state = 2, admitted_at = @Now, admitted_by = @Officers, approval = @Id,
                   certificate = @certificate, certificate_sha256 = @sha256, ldap_dn = @dn, ldap_password_hash = @hash
            WHERE id = @verifier AND state = 1 AND NOT EXISTS (SELECT 1 FROM verifier WHERE approval = @Id)
            """,
            new
            {
                verifier = approved.Order.Id,
                Now,
                approved.Officers,
                approved.Approval.Id,
                certificate,
                sha256 = Convert.ToHexString(SHA256.HashData(certificate)),
                dn = DnOf(approved.Order.Id),
                hash,
            }) == 1;
        if (!isNew)
            return new("5-2-2①", "the approval was used before, or the verifier admitted meanwhile");
        tx.Execute("UPDATE admission_version SET version = version + 1");
        tx.Record(new("verifier admitted", clock.GetUtcNow(), "ok", approved.Officers, approved.Order.Id));
        return null;
    }

    private string DnOf(string id) => $"cn={id},{ldapBase}";

    private void Announce() => Interlocked.Exchange(ref changed, NewSignal()).TrySetResult();

    private VerifierRow? Find(string id) => store.Read(db => db.QueryFirstOrDefault<VerifierRow>(
        "SELECT id, name, request, state, certificate FROM verifier WHERE id = @id", new { id }));

    private async Task<Refusal> Refuse(string source, string? id, Refusal refusal)
    {
        await store.Write(tx => tx.Record(
            new("admission refused", clock.GetUtcNow(), refusal.Clause.ToString(), source, id)));
        return refusal;
    }

    private string RandomNumber(int length)
    {
        const string Symbols = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";   // 32: every byte's low five bits pick one evenly.
        var bytes = new byte[length];
        random.GetBytes(bytes);
        return string.Concat(bytes.Select(b => Symbols[b & 31]));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record VerifierRow(string Id, string Name, byte[] Request, long State, byte[]? Certificate);
}
