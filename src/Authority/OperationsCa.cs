using System.Security.Cryptography;
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
public sealed class OperationsCa
{
    internal const string KeyLabel = "operations";

    private readonly IssuingKey key;
    private readonly Store store;
    private readonly PrefectureNames names;
    private readonly TimeProvider clock;
    private readonly RandomNumberGenerator random;

    private OperationsCa(
        IssuingKey key, Certificate anchor, Store store, PrefectureNames names, TimeProvider clock,
        RandomNumberGenerator random)
    {
        (this.key, Anchor, this.store) = (key, anchor, store);
        (this.names, this.clock, this.random) = (names, clock, random);
    }

    /// <summary>What every inner certificate chains to.</summary>
    public Certificate Anchor { get; }

    /// <summary>A client certificate for one role and id: <c>CN=id,OU=role,OU=Operations,…</c>.</summary>
    public Task<Certificate> IssueClient(CallerRole role, string id, PublicKey holder, string by) =>
        Issue(role, id, by, CertificateKind.Client, holder, frame =>
            CertificateContents.Client(names, Anchor, frame, role.ToString(), id));

    /// <summary>
    /// A certificate for a door: for TLS servers that are also clients of other doors, so both usages.
    /// </summary>
    public Task<Certificate> IssueDoor(CallerRole role, string id, PublicKey holder, IReadOnlyList<string> hosts) =>
        Issue(role, id, "Authority", CertificateKind.Door, holder, frame =>
            CertificateContents.Door(names, Anchor, frame, role.ToString(), id, hosts));

    internal static async Task<OperationsCa> Open(
        IHsm hsm, Store store, PrefectureNames names, TimeProvider clock, RandomNumberGenerator random)
    {
        IssuingKey key = new(hsm.Find(KeyLabel) ?? hsm.Generate(KeyLabel, KeySpec.EcP256));
        var known = store.Read(db =>
            db.QueryFirstOrDefault<byte[]>("SELECT der FROM operations_certificate WHERE role = 'Anchor'"));
        if (known is not null)
            return new(key, Certificate.Read(known), store, names, clock, random);

        CertificateFrame frame = new(
            NewSerial(random), Profiles.OperationsCa.ValidityFrom(clock.GetUtcNow()), key.PublicKey);
        var anchor = Sign(
            CertificateContents.OperationsCa(names, frame, SignatureAlgorithm.EcdsaSha256),
            CertificateKind.OperationsCa, key);
        OperationsCa made = new(key, anchor, store, names, clock, random);
        await made.Keep("Anchor", "operations", anchor, "Authority");
        return made;
    }

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
        var serial = certificate.Serial.ToString();
        tx.Execute(
            "INSERT INTO operations_certificate (serial, role, id, not_after, der) "
            + "VALUES (@serial, @role, @id, @notAfter, @der)",
            new
            {
                serial,
                role,
                id,
                notAfter = certificate.NotAfter.ToUnixTimeSeconds(),
                der = certificate.Der.ToArray()
            });
        tx.Record(new("operations certificate issued", clock.GetUtcNow(), "ok", by, $"{role} {id} {serial}"));
    });

    private static SerialNumber NewSerial(RandomNumberGenerator random)
    {
        var bytes = new byte[16];
        random.GetBytes(bytes);
        bytes[0] |= 0x40;                                     // Never zero, never shorter.
        return SerialNumber.FromUnsigned(bytes);
    }
}
