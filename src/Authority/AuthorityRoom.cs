using System.Security.Cryptography;
using Dapper;
using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.Cps.Lint;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>What the Authority needs to open.</summary>
public sealed record AuthorityOptions
{
    /// <summary>Its own folder, for nobody else's eyes.</summary>
    public required string Folder { get; init; }

    /// <summary>A SQLite file or a PostgreSQL address.</summary>
    public required string Database { get; init; }

    public required IHsm Hsm { get; init; }

    public required PrefectureNames Names { get; init; }

    /// <summary>What the site says where the statement leaves the profile to a book that is not public.</summary>
    public ProfileChoices Choices { get; init; } = ProfileChoices.Default;

    /// <summary>Which keys and hashes are strong enough. (CPS 6-1-2-3, 6-3-2)</summary>
    public CryptoPolicy Policy { get; init; } = CryptoPolicy.Current;

    /// <summary>Keys known to be weak, by digest. (CPS 6-3-2)</summary>
    public WeakKeyList WeakKeys { get; init; } = WeakKeyList.Empty;

    /// <summary>What the next generation of the governor's key is made as. (CPS 6-1-1-2, 6-3-1-2)</summary>
    public KeyAlgorithm Governor { get; init; } = KeyAlgorithm.Default;

    public required TimeProvider Clock { get; init; }

    public required RandomNumberGenerator Random { get; init; }
}

/// <summary>
/// The Authority with everything in it: the governor's CA, its CRL office, the operations CA and the sealed log.
/// </summary>
public sealed class AuthorityRoom : IAsyncDisposable
{
    private const string GovernorKey = "governor-1";

    private readonly AuthorityOptions options;
    private readonly Store store;
    private readonly LogKey logKey;

    private AuthorityRoom(AuthorityOptions options, Store store, LogKey logKey, KeyRing keys, OperationsCa operations)
    {
        (this.options, this.store, this.logKey) = (options, store, logKey);
        Governor = new(store, keys, options);
        Crls = new(store, keys, options.Names, options.Clock);
        Feed = new(store, keys);
        Operations = operations;
        Keys = keys;
    }

    public CertificateAuthority Governor { get; }

    public CrlOffice Crls { get; }

    public OperationsCa Operations { get; }

    /// <summary>Every self-signed certificate of the governor, oldest first.</summary>
    public IReadOnlyList<Certificate> TrustAnchors => [.. Keys.Generations.Select(g => g.Certificate)];

    public LedgerHealth Health => store.Health;

    /// <summary>The sealed log, for those who may read it.</summary>
    public LogReader Log => store.Log;

    /// <summary>Writes into the sealed log; done when it is durable.</summary>
    public Task Record(LedgerEvent happened) => store.Write(tx => tx.Record(happened));

    internal string HsmDescription => options.Hsm.Description;

    internal IHsm Hsm => options.Hsm;

    internal string Folder => options.Folder;

    internal DateTimeOffset Now => options.Clock.GetUtcNow();

    internal Store Store => store;

    internal FeedSource Feed { get; }

    internal KeyRing Keys { get; }

    /// <summary>
    /// Opens the Authority where it was; on the first start creates the governor's key and self-signed certificate. A
    /// certificate that a crash left half done is closed before anything new begins.
    /// </summary>
    public static async Task<AuthorityRoom> Open(AuthorityOptions options)
    {
        SecretFile.CreateFolder(options.Folder);
        var logKey =
            LogKey.OpenOrCreate(Path.Combine(options.Folder, "log.key"), "authority.jpki-test", options.Random);
        var store = Store.Open(new()
        {
            Location = options.Database,
            Room = "authority",
            Assembly = typeof(AuthorityRoom).Assembly,
            LogKey = logKey,
            Time = options.Clock,
        });
        var keys = KeyRing.Open(options.Folder, options.Random);
        foreach (var row in store.Read(db => db.Query<GenerationRow>(
            "SELECT generation, key_label AS KeyLabel, certificate FROM generation "
            + "WHERE certificate IS NOT NULL ORDER BY generation")))
        {
            var key = options.Hsm.Find(row.KeyLabel)
                ?? throw new InvalidOperationException(
                    $"the governor's key {row.KeyLabel} is not in the {options.Hsm.Description}");
            keys.Add(
                (int)row.Generation, key, new(options.Names, options.Choices, Certificate.Read(row.Certificate)));
        }
        var operations = await OperationsCa.Open(options.Hsm, store, options.Names, options.Clock, options.Random);
        AuthorityRoom room = new(options, store, logKey, keys, operations);
        await room.Record(new("start", options.Clock.GetUtcNow(), "ok", "authority"));        // CPS 4-11-9
        if (keys.Generations.Count == 0)
            await room.CreateGovernor();
        await room.Governor.CloseAbandonedIntents();
        await CertificateSearch.NumberOldBooks(store, keys);
        return room;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        Crls.Dispose();
        Keys.Dispose();
        logKey.Dispose();
    }

    /// <summary>The governor's first key and self-signed certificate. (CPS 6-1-1-1, 7-1-3)</summary>
    private async Task CreateGovernor()
    {
        var at = JapanTime.WholeSecond(options.Clock.GetUtcNow());
        // A start that died after this line finds the key again, and no certificate.
        var key = options.Hsm.Find(GovernorKey) ?? options.Hsm.Generate(GovernorKey, options.Governor.Key);
        if (options.Policy.ObjectionTo(options.Governor.Signature, key.PublicKey) is { } objection)
            throw new InvalidOperationException($"the governor's key: {objection.Reason} ({objection.Clause})");
        var validity = Profiles.SelfSigned.ValidityFrom(at);
        Intent intent = new()
        {
            Generation = 1,
            Kind = CertificateKind.SelfSigned,
            Subject = options.Names.Authority.ToString(),
            NotBefore = validity.NotBefore,
            NotAfter = validity.NotAfter,
            KeyDigest = SHA256.HashData(key.PublicKey.Der.Span),
        };
        CertificateFrame frame = new(Keys.SerialOf(new(1, 1)), validity, key.PublicKey);
        var linted = LintGate.Certificate(
            CertificateContents.SelfSigned(options.Names, options.Choices, frame, options.Governor.Signature),
            CertificateKind.SelfSigned);
        if (linted.IsRefused(out var refusal, out var passed))
            throw new InvalidOperationException($"the governor's own certificate: {refusal.Reason}");
        var certificate = passed.Sign(new IssuingKey(key).Sign);
        await store.Write(tx =>
        {
            tx.Execute(
                "INSERT INTO generation (generation, key_label, certificate, created_at, next_counter) "
                + "VALUES (1, @GovernorKey, @der, @at, 1)",
                new { GovernorKey, der = certificate.Der.ToArray(), at = at.ToUnixTimeSeconds() });
            Books.Complete(tx, Books.Intend(tx, intent, Keys), certificate.Der.ToArray(), at);
            tx.Record(new("key pair generated", at, "ok", "Authority", $"{GovernorKey}, {options.Hsm.Description}"));
            tx.Record(new("certificate issued", at, "ok", "Authority", $"{certificate.Serial} self-signed"));
        });
        Keys.Add(1, key, new(options.Names, options.Choices, certificate));
    }

    private sealed record GenerationRow(long Generation, string KeyLabel, byte[] Certificate);
}
