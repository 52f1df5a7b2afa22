using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Jpki.Cps;
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
    private const string KeyLabel = "operations";
    private const int AnchorYears = 20;
    private const int CertificateYears = 5;

    private readonly SigningKey key;
    private readonly Store store;
    private readonly PrefectureNames names;
    private readonly TimeProvider clock;
    private readonly RandomNumberGenerator random;

    private OperationsCa(
        SigningKey key, Certificate anchor, Store store, PrefectureNames names, TimeProvider clock,
        RandomNumberGenerator random)
    {
        (this.key, Anchor, this.store) = (key, anchor, store);
        (this.names, this.clock, this.random) = (names, clock, random);
    }

    /// <summary>What every inner certificate chains to.</summary>
    public Certificate Anchor { get; }

    /// <summary>A client certificate for one role and id: <c>CN=id,OU=role,OU=Operations,…</c>.</summary>
    public Task<Certificate> IssueClient(CallerRole role, string id, PublicKey holder, string by) =>
        Issue(role.ToString(), id, holder, by, [ClientUsage], null);

    /// <summary>
    /// A certificate for a door: for TLS servers that are also clients of other doors, so both usages.
    /// </summary>
    public Task<Certificate> IssueDoor(CallerRole role, string id, PublicKey holder, IReadOnlyList<string> hosts) =>
        Issue(role.ToString(), id, holder, "Authority", [ServerUsage, ClientUsage], hosts);

    internal static async Task<OperationsCa> Open(
        IHsm hsm, Store store, PrefectureNames names, TimeProvider clock, RandomNumberGenerator random)
    {
        var key = hsm.Find(KeyLabel) ?? hsm.Generate(KeyLabel, KeySpec.EcP256);
        var known = store.Read(db =>
            db.QueryFirstOrDefault<byte[]>("SELECT der FROM operations_certificate WHERE role = 'Anchor'"));
        if (known is not null)
            return new(key, Certificate.Read(known), store, names, clock, random);

        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        var anchor = new CertificateContent
        {
            Serial = NewSerial(random),
            Algorithm = SignatureAlgorithm.EcdsaSha256,
            Issuer = names.Operations,
            Subject = names.Operations,
            NotBefore = at,
            NotAfter = JapanTime.EndOfYears(at, AnchorYears),
            PublicKey = key.PublicKey,
            Extensions =
            [
                Extensions.BasicConstraints(isCa: true),
                Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign),
                Extensions.SubjectKeyIdentifier(key.PublicKey.KeyIdentifier),
            ],
        }.Sign(key.With(SignatureAlgorithm.EcdsaSha256));
        OperationsCa made = new(key, anchor, store, names, clock, random);
        await made.Keep("Anchor", "operations", anchor, "Authority");
        return made;
    }

    private static string ServerUsage => Oids.ServerAuth;

    private static string ClientUsage => Oids.ClientAuth;

    private async Task<Certificate> Issue(
        string role, string id, PublicKey holder, string by, string[] usages, IReadOnlyList<string>? hosts)
    {
        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        List<Extension> extensions =
        [
            Extensions.KeyUsage(KeyUsages.DigitalSignature),
            Extensions.ExtendedKeyUsage(usages),
            Extensions.AuthorityKeyIdentifier(key.PublicKey.KeyIdentifier),
            Extensions.SubjectKeyIdentifier(holder.KeyIdentifier),
        ];
        if (hosts is not null)
            extensions.Add(HostNames(hosts));
        var certificate = new CertificateContent
        {
            Serial = NewSerial(random),
            Algorithm = SignatureAlgorithm.EcdsaSha256,
            Issuer = names.Operations,
            Subject = names.Operations.With("OU", role).With("CN", id),
            NotBefore = at,
            NotAfter = JapanTime.EndOfYears(at, CertificateYears),
            PublicKey = holder,
            Extensions = extensions,
        }.Sign(key.With(SignatureAlgorithm.EcdsaSha256));
        await Keep(role, id, certificate, by);
        return certificate;
    }

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

    private static Extension HostNames(IReadOnlyList<string> hosts)
    {
        SubjectAlternativeNameBuilder san = new();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                san.AddIpAddress(address);
            else
                san.AddDnsName(host);
        }
        return new(Oids.SubjectAltName, Critical: false, san.Build().RawData);
    }

    private static SerialNumber NewSerial(RandomNumberGenerator random)
    {
        var bytes = new byte[16];
        random.GetBytes(bytes);
        bytes[0] |= 0x40;                                     // Never zero, never shorter.
        return SerialNumber.FromUnsigned(bytes);
    }
}
