using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Authority;

/// <summary>
/// Certifies the inner network: terminals, officers, verifiers, nodes and the TLS doors, under a key of its own, so
/// that the governor's key signs only what the practice statement lists. 運用のための関連証明書 (CPS 2-1-2(5), 5-2-2③)
/// </summary>
public sealed class OperationsCa : IDisposable
{
    internal const string KeyLabel = "operations";

    private readonly IssuingKey key;
    private readonly Store store;
    private readonly OperationsIssuer issuer;
    private readonly TimeProvider clock;
    private readonly RandomNumberGenerator random;
    private readonly ConcurrentDictionary<string, DateTimeOffset> revoked;

    private OperationsCa(IssuingKey key, OperationsIssuer issuer, Store store, AuthorityOptions options)
    {
        (this.key, this.issuer, this.store) = (key, issuer, store);
        (clock, random) = (options.Clock, options.Random);
        Crls = new(store, issuer, key, clock);
        revoked = new(store.Read(OperationsBooks.Revoked).Select(r => KeyValuePair.Create(r.Serial, r.At)));
    }

    /// <summary>What every inner certificate chains to.</summary>
    public Certificate Anchor => issuer.Anchor;

    /// <summary>The lists of those that were ended.</summary>
    public OperationsCrls Crls { get; }

    /// <summary>Why no door takes the certificate of this serial number any more; null when it was not ended.</summary>
    /// <param name="serial">Upper-case hexadecimal, as <see cref="SerialNumber.ToString"/> has it.</param>
    public Refusal? ObjectionTo(string serial) => revoked.TryGetValue(serial, out var at)
        ? new("5-2-2③", $"証明書 {serial} は {JapanTime.ForPeople(at)} に失効しました。 This certificate was revoked {at:u}.")
        : null;

    /// <summary>A client certificate for one role and id: <c>CN=id,OU=role,OU=Operations,…</c>.</summary>
    public Task<Certificate> IssueClient(CallerRole role, string id, PublicKey holder, string by) =>
        Issue(role, id, by, CertificateKind.Client, holder, frame =>
            CertificateContents.Client(issuer, frame, role.ToString(), id));

    /// <summary>
    /// A certificate for a door: for TLS servers that are also clients of other doors, so both usages.
    /// </summary>
    public Task<Certificate> IssueDoor(
        CallerRole role, string id, PublicKey holder, IReadOnlyList<string> hosts, string by = "Authority") =>
        Issue(role, id, by, CertificateKind.Door, holder, frame =>
            CertificateContents.Door(issuer, frame, role.ToString(), id, hosts));

    /// <summary>Another for the same role, id and hosts. (CPS 5-2-2③)</summary>
    internal Task<Certificate> Renew(OperationsRow row, PublicKey holder, string by)
    {
        var (role, old) = (Enum.Parse<CallerRole>(row.Role), row.Certificate);
        if (old.Find(Oids.SubjectAltName) is not { } names)
            return IssueClient(role, row.Id, holder, by);
        X509SubjectAlternativeNameExtension hosts = new(names.Value.ToArray());
        return IssueDoor(
            role, row.Id, holder,
            [.. hosts.EnumerateDnsNames(), .. hosts.EnumerateIPAddresses().Select(a => $"{a}")], by);
    }

    /// <summary>What the books say is revoked is refused from here on, and stands on a new list.</summary>
    internal Task Forget(string serial, DateTimeOffset at)
    {
        revoked[serial] = at;
        return Crls.IssueWhatIsDue();
    }

    internal static async Task<OperationsCa> Open(Store store, AuthorityOptions options)
    {
        var (hsm, names) = (options.OperationsHsm, options.Names);
        IssuingKey key = new(hsm.Find(KeyLabel) ?? hsm.Generate(KeyLabel, KeySpec.EcP256));
        var known = store.Read(db =>
            db.QueryFirstOrDefault<byte[]>("SELECT der FROM operations_certificate WHERE role = 'Anchor'"));
        if (known is not null)
            return new(key, new(names, Certificate.Read(known), options.OperationsCrlUri), store, options);

        CertificateFrame frame = new(
            NewSerial(options.Random), Profiles.OperationsCa.ValidityFrom(options.Clock.GetUtcNow()), key.PublicKey);
        var anchor = Sign(
            CertificateContents.OperationsCa(names, frame, SignatureAlgorithm.EcdsaSha256),
            CertificateKind.OperationsCa, key);
        OperationsCa made = new(key, new(names, anchor, options.OperationsCrlUri), store, options);
        await made.Keep("Anchor", "operations", anchor, "Authority");
        return made;
    }

    public void Dispose() => Crls.Dispose();

    private async Task<Certificate> Issue(
        CallerRole role, string id, string by, CertificateKind kind, PublicKey holder,
        Func<CertificateFrame, CertificateContent> content)
    {
        CertificateFrame frame = new(NewSerial(random), Profiles.Of(kind).ValidityFrom(clock.GetUtcNow()), holder);
        var certificate = Sign(content(frame), kind, key);
        await Keep(role.ToString(), id, certificate, by);
        return certificate;
    }

    private static Certificate Sign(CertificateContent content, CertificateKind kind, IssuingKey key) =>
        LintGate.Certificate(content, kind).IsRefused(out var refusal, out var linted)
            ? throw new InvalidOperationException($"a certificate of the inner network: {refusal.Reason}")
            : linted.Sign(key.Sign);

    private Task Keep(string role, string id, Certificate certificate, string by) => store.Write(tx =>
    {
        OperationsBooks.Add(tx, role, id, certificate);
        tx.Record(new(
            "operations certificate issued", clock.GetUtcNow(), "ok", by, $"{role} {id} {certificate.Serial}"));
    });

    private static SerialNumber NewSerial(RandomNumberGenerator random)
    {
        var bytes = new byte[16];
        random.GetBytes(bytes);
        bytes[0] |= 0x40;                                     // Never zero, never shorter.
        return SerialNumber.FromUnsigned(bytes);
    }
}
