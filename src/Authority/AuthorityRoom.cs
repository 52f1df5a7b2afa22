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

    /// <summary>Where the governor's key is.</summary>
    public required IHsm Hsm { get; init; }

    /// <summary>Where the operations CA's key is: what a quorum holds is the governor's alone.</summary>
    public required IHsm OperationsHsm { get; init; }

    /// <summary>Where the operations CA's CRL is fetched, for its certificates to say; null when nowhere.</summary>
    public string? OperationsCrlUri { get; init; }

    public required PrefectureNames Names { get; init; }

    /// <summary>What the site says where the statement leaves the profile to a book that is not public.</summary>
    public ProfileChoices Choices { get; init; } = ProfileChoices.Default;

    /// <summary>Which keys and hashes are strong enough. (CPS 6-1-2-3, 6-3-2)</summary>
    public CryptoPolicy Policy { get; init; } = CryptoPolicy.Current;

    /// <summary>Keys known to be weak, by digest. (CPS 6-3-2)</summary>
    public WeakKeyList WeakKeys { get; init; } = WeakKeyList.Empty;

    /// <summary>What the next generation of the governor's key is made as. (CPS 6-1-1-2, 6-3-1-2)</summary>
    public KeyAlgorithm Governor { get; init; } = KeyAlgorithm.Default;

    /// <summary>Whose CRLs it issues; a bridge has none. (CPS 4-4-4-4)</summary>
    public IReadOnlyList<Municipality> Partitions { get; init; } = Municipalities.All;

    public required TimeProvider Clock { get; init; }

    public required RandomNumberGenerator Random { get; init; }
}

/// <summary>
/// The Authority with everything in it: the governor's CA, its CRL office, the operations CA and the sealed log.
/// </summary>
public sealed class AuthorityRoom : IAsyncDisposable
{
    private static readonly string GovernorKey = Rollover.LabelOf(1);

    private readonly AuthorityOptions options;
    private readonly Store store;
    private readonly LogKey logKey;
    private Noted? noted;

    private AuthorityRoom(AuthorityOptions options, Store store, LogKey logKey, KeyRing keys, OperationsCa operations)
    {
        (this.options, this.store, this.logKey) = (options, store, logKey);
        Governor = new(store, keys, options);
        Crls = new(store, keys, options);
        Rollover = new(store, keys, options);
        Compromises = new(store, keys, options);
        Feed = new(store, keys);
        Operations = operations;
        Keys = keys;
        Cross = new(this, options);
        ValidationServers = new(this, options);
    }

    public CertificateAuthority Governor { get; }

    /// <summary>Where certificates are exchanged with the bridge CA. (CPS 4-6 … 4-10)</summary>
    public CrossOffice Cross { get; }

    public CrlOffice Crls { get; }

    public Rollover Rollover { get; }

    public Compromises Compromises { get; }

    public OperationsCa Operations { get; }

    /// <summary>The governor's self-signed certificates that may be trusted, oldest first.</summary>
    public IReadOnlyList<Certificate> TrustAnchors =>
        [.. Keys.Generations.Where(g => g.CompromisedAt is null && g.Certificate.NotAfter >= Now)
            .Select(g => g.Certificate)];

    public LedgerHealth Health => store.Health;

    /// <summary>The sealed log, for those who may read it.</summary>
    public LogReader Log => store.Log;

    /// <summary>Writes into the sealed log; done when it is durable.</summary>
    public Task Record(LedgerEvent happened) => store.Write(tx => tx.Record(happened));

    /// <summary>For people: where the governor's key is, and what keeps it from signing.</summary>
    internal string HsmState =>
        options.Hsm.Description + (options.Hsm.Trouble is { } trouble ? $" — 使えません / cannot sign: {trouble}" : "");

    /// <summary>Into the log once, however many ask, and again after a minute without any. (CPS 4-11-1)</summary>
    internal Task Note(HsmException trouble)
    {
        var last = Interlocked.Exchange(ref noted, new(trouble.Message, Now));
        return last is { } known && known.Trouble == trouble.Message && Now - known.At < TimeSpan.FromMinutes(1)
            ? Task.CompletedTask
            : Record(new("governor's key cannot sign", Now, "unavailable", "Authority", trouble.Message));
    }

    internal ValidationServers ValidationServers { get; }

    internal IHsm Hsm => options.Hsm;

    internal string Folder => options.Folder;

    internal DateTimeOffset Now => options.Clock.GetUtcNow();

    internal Store Store => store;

    internal FeedSource Feed { get; }

    internal KeyRing Keys { get; }

    /// <summary>
    /// Opens the Authority where it was; on the first start creates the governor's key, unless a quorum's ceremony must
    /// make it, and the self-signed certificate. A certificate that a crash left half done is closed before anything
    /// new begins.
    /// </summary>
    public static async Task<Outcome<AuthorityRoom>> Open(AuthorityOptions options)
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
        var keys = KeyRing.Open(options.Folder, options.Random, HandedSerials.Of(store));
        if (await Missing(options, store) is { } no)
        {
            keys.Dispose();
            await store.DisposeAsync();
            logKey.Dispose();
            return no;
        }
        var known = Known(store);
        // The key of a generation that has ended may be destroyed. (CPS 6-2-1-9)
        foreach (var row in known.Where(r => r == known[^1] || r.Read().NotAfter >= options.Clock.GetUtcNow()))
            row.Take(keys, row.WasHandedOver ? Brought(options.Hsm, row) : Find(options.Hsm, row), options);
        var operations = await OperationsCa.Open(store, options);
        AuthorityRoom room = new(options, store, logKey, keys, operations);
        await room.Record(new("start", options.Clock.GetUtcNow(), "ok", "authority"));        // CPS 4-11-9
        if (!keys.Generations.Any(g => g.CanSign) && await room.CreateGovernor() is { } unfit)
        {
            await room.DisposeAsync();
            return unfit;
        }
        await room.Rollover.CloseUnborn();
        await room.Governor.CloseAbandonedIntents();
        room.Compromises.Remember();
        await CertificateSearch.NumberOldBooks(store, keys);
        return room;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        Crls.Dispose();
        Operations.Dispose();
        Rollover.Dispose();
        Keys.Dispose();
        logKey.Dispose();
    }

    /// <summary>A key that is to be made and may not be made here; looked for before anything is begun.</summary>
    private static async Task<Refusal?> Missing(AuthorityOptions options, Store store)
    {
        (IHsm Hsm, string? Label)[] wanted =
        [
            (options.Hsm, ToBeMade(options.Hsm, Known(store))),
            (options.OperationsHsm, OperationsCa.KeyLabel),
        ];
        foreach (var (hsm, label) in wanted)
        {
            if (label is null || hsm.Find(label) is not null || hsm.ObjectionTo(label) is not { } no)
                continue;
            await store.Write(tx => tx.Record(
                new("key generation refused", options.Clock.GetUtcNow(), $"{no.Clause}", "Authority", label)));
            return no;
        }
        return null;
    }

    /// <summary>The first key; the next one when no ceremony brought that of the organisation before.</summary>
    private static string? ToBeMade(IHsm hsm, List<GenerationRow> known) => known switch
    {
        [] => GovernorKey,
        [.., { WasHandedOver: true } newest] when Brought(hsm, newest) is null =>
            Rollover.LabelOf((int)newest.Generation + 1),
        _ => null,
    };

    /// <summary>The key of another's generation, if a ceremony brought it here. (CPS 4-18, 6-2-1-4)</summary>
    private static SigningKey? Brought(IHsm hsm, GenerationRow row) =>
        hsm.Find(row.KeyLabel) is { } key && key.PublicKey.Equals(row.Read().PublicKey) ? key : null;

    private static List<GenerationRow> Known(Store store) => store.Read(db => db.Query<GenerationRow>(
        "SELECT generation, key_label AS KeyLabel, certificate, used_from AS UsedFrom, handed_over_at AS HandedOverAt "
        + "FROM generation WHERE certificate IS NOT NULL ORDER BY generation").AsList());

    /// <summary>The key that the generation was certified with, and no other under its label.</summary>
    private static SigningKey Find(IHsm hsm, GenerationRow row)
    {
        var key = hsm.Find(row.KeyLabel)
            ?? throw new HsmException($"the governor's key {row.KeyLabel} is not in the {hsm.Description}; "
                + "put in the token that has it, or restore it from its backup in a ceremony");
        return key.PublicKey.Equals(row.Read().PublicKey)
            ? key
            : throw new HsmException($"key {row.KeyLabel} in the {hsm.Description} is not the one that was certified; "
                + "put in the token that has it, or restore it from its backup in a ceremony");
    }

    /// <summary>
    /// The first key that is ours, and its self-signed certificate; after a hand-over without keys it has no link to
    /// those before it. (CPS 6-1-1-1, 7-1-3, 4-18)
    /// </summary>
    private async Task<Refusal?> CreateGovernor()
    {
        var number = Keys.Generations is [.., var last] ? last.Number + 1 : 1;
        var label = Rollover.LabelOf(number);
        var at = JapanTime.WholeSecond(options.Clock.GetUtcNow());
        // A quorum's ceremony made it, or a start that died after the next line.
        var found = options.Hsm.Find(label);
        var key = found ?? options.Hsm.Generate(label, options.Governor.Key);
        if (options.Policy.ObjectionTo(options.Governor.Signature, key.PublicKey) is { } objection)
            return objection;
        var validity = Profiles.SelfSigned.ValidityFrom(at);
        var intent = Intent.Of(
            number, CertificateKind.SelfSigned, options.Names.Authority.ToString(), validity, key.PublicKey);
        CertificateFrame frame = new(Keys.SerialOf(new(number, 1)), validity, key.PublicKey);
        var linted = LintGate.Certificate(
            CertificateContents.SelfSigned(options.Names, options.Choices, frame, options.Governor.Signature),
            CertificateKind.SelfSigned);
        if (linted.IsRefused(out var refusal, out var passed))
            throw new InvalidOperationException($"the governor's own certificate: {refusal.Reason}");
        var certificate = passed.Sign(new IssuingKey(key).Sign);
        await store.Write(tx =>
        {
            tx.Execute(
                "INSERT INTO generation (generation, key_label, certificate, created_at, used_from, next_counter) "
                + "VALUES (@number, @label, @der, @at, @at, 1)",
                new { number, label, der = certificate.Der.ToArray(), at = at.ToUnixTimeSeconds() });
            Books.Complete(tx, Books.Intend(tx, intent, Keys), certificate.Der.ToArray(), at);
            tx.Record(new(found is null ? "key pair generated" : "key pair found", at, "ok", "Authority",
                $"{label}, {options.Hsm.Description}"));
            tx.Record(new("certificate issued", at, "ok", "Authority", $"{certificate.Serial} self-signed"));
        });
        Keys.Add(number, key, new(options.Names, options.Choices, certificate));
        Keys.Use(number);
        return null;
    }

    private sealed record Noted(string Trouble, DateTimeOffset At);

    private sealed record GenerationRow(
        long Generation, string KeyLabel, byte[] Certificate, long? UsedFrom, long? HandedOverAt)
    {
        public bool WasHandedOver => HandedOverAt is not null;

        public Certificate Read() => X509.Certificate.Read(Certificate);

        public void Take(KeyRing keys, SigningKey? key, AuthorityOptions options)
        {
            keys.Add((int)Generation, key, new(options.Names, options.Choices, Read()));
            if (UsedFrom is not null && key is not null)
                keys.Use((int)Generation);
        }
    }
}
