using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Host.Outside;

/// <summary>
/// A certification authority of a made-up government: a key, a count, a list of what it took back. Its CRL is signed
/// anew whenever somebody asks for it. It stands for strangers, whose profiles are not ours.
/// </summary>
internal sealed class MadeUpAuthority
{
    private const int YearsOfAuthorities = 10;
    private const int YearsOfOfficials = 3;

    private readonly Lock gate = new();
    private readonly string file;
    private readonly SigningKey key;
    private readonly TimeProvider clock;
    private readonly string web;
    private readonly string id;
    private Crl list;
    private State state;

    /// <param name="folder">Where its key and its state are.</param>
    /// <param name="id">By which its files on the web are named.</param>
    /// <param name="name">Its own.</param>
    /// <param name="web">Where they are.</param>
    /// <param name="clock">The prefecture's time.</param>
    public MadeUpAuthority(string folder, string id, Name name, string web, TimeProvider clock)
    {
        (this.id, this.web, this.clock, Name) = (id, web, clock, name);
        SoftwareHsm hsm = new(Path.Combine(folder, "keys"));
        key = hsm.Find(id) ?? hsm.Generate(id, KeySpec.Rsa2048);
        file = Path.Combine(folder, $"{id}.json");
        state = File.Exists(file)
            ? JsonSerializer.Deserialize<State>(File.ReadAllBytes(file), FormJson.Indented)!
            : new(0, []);
        list = NewList();
    }

    public Name Name { get; }

    public X509.PublicKey PublicKey => key.PublicKey;

    /// <summary>PKCS#10.</summary>
    public byte[] Apply() =>
        CertificationRequest.Create(Name, PublicKey, Algorithm, key.With(Algorithm));

    public Certificate CertifySelf() => Certify(Name, PublicKey, YearsOfAuthorities, OfAuthority(PublicKey));

    /// <summary>A cross certificate: the policy here, and which policy there is worth as much.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="theirs">His key.</param>
    /// <param name="policy">Ours, and his.</param>
    /// <param name="issuers">The file on the web with the certificate above ours; null for none.</param>
    public Certificate CertifyAuthority(Name name, X509.PublicKey theirs, PolicyMapping policy, string? issuers) =>
        Certify(name, theirs, Periods.CrossYears,
        [
            .. OfAuthority(theirs),
            Extensions.CertificatePolicies(critical: true, new PolicyInformation(policy.IssuerDomainPolicy)),
            Extensions.PolicyMappings(critical: true, policy),
            .. Places(issuers),
        ]);

    /// <summary>An official's, under one policy. 官職証明書</summary>
    public Certificate CertifyOfficial(Name name, X509.PublicKey theirs, string policy, string issuers) =>
        Certify(name, theirs, YearsOfOfficials,
        [
            Extensions.KeyUsage(KeyUsages.DigitalSignature | KeyUsages.NonRepudiation),
            Extensions.CertificatePolicies(critical: true, new PolicyInformation(policy)),
            Extensions.SubjectKeyIdentifier(theirs.KeyIdentifier),
            .. Places(issuers),
        ]);

    /// <summary>False when it never issued that number, or took it back before.</summary>
    public bool Revoke(string serial)
    {
        lock (gate)
        {
            if (!int.TryParse(serial, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
                || number < 1 || number > state.Last || state.Revoked.Any(r => r.Number == number))
            {
                return false;
            }
            Save(state with { Revoked = state.Revoked.Add(new(number, clock.GetUtcNow())) });
            list = NewList();
            return true;
        }
    }

    /// <summary>
    /// Its CRL: made beforehand, as everybody's is. One that began when it is fetched would not be valid yet for
    /// whoever asked a moment ago.
    /// </summary>
    public Crl List()
    {
        lock (gate)
            return clock.GetUtcNow() < list.ThisUpdate + (Periods.CrlInterval / 2) ? list : list = NewList();
    }

    private Crl NewList()
    {
        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        return new CrlContent
        {
            Algorithm = Algorithm,
            Issuer = Name,
            ThisUpdate = at,
            NextUpdate = at + Periods.CrlInterval,
            Extensions =
            [
                Extensions.AuthorityKeyIdentifier(PublicKey.KeyIdentifier),
                Extensions.CrlNumber(at.ToUnixTimeSeconds()),
            ],
        }.Sign(
            state.Revoked.Select(r => new RevokedEntry(
                NumberOf(r.Number), JapanTime.WholeSecond(r.At), (int)RevocationReason.CessationOfOperation)),
            key.With(Algorithm));
    }

    private static SignatureAlgorithm Algorithm => SignatureAlgorithm.Sha256WithRsa;

    private static ImmutableArray<Extension> OfAuthority(X509.PublicKey theirs) =>
    [
        Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign),
        Extensions.BasicConstraints(isCa: true),
        Extensions.SubjectKeyIdentifier(theirs.KeyIdentifier),
    ];

    private static SerialNumber NumberOf(int number) =>
        SerialNumber.Parse(number.ToString("X8", CultureInfo.InvariantCulture));

    private IEnumerable<Extension> Places(string? issuers)
    {
        yield return Extensions.AuthorityKeyIdentifier(PublicKey.KeyIdentifier);
        yield return Extensions.CrlDistributionPoints(new DistributionPoint(new([On($"{id}.crl")])));
        if (issuers is not null)
            yield return Extensions.AuthorityInfoAccess(new AccessDescription(Oids.AccessCaIssuers, On(issuers)));
    }

    private GeneralName On(string page) => GeneralName.Of(GeneralNameKind.UniformResourceIdentifier, $"{web}/{page}");

    private Certificate Certify(
        Name subject, X509.PublicKey theirs, int years, IReadOnlyList<Extension> extensions)
    {
        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        int number;
        lock (gate)
        {
            number = state.Last + 1;
            Save(state with { Last = number });               // On disk before anything is signed.
        }
        return new CertificateContent
        {
            Serial = NumberOf(number),
            Algorithm = Algorithm,
            Issuer = Name,
            Subject = subject,
            NotBefore = at,
            NotAfter = JapanTime.EndOfYears(at, years),
            PublicKey = theirs,
            Extensions = extensions,
        }.Sign(key.With(Algorithm));
    }

    private void Save(State next)
    {
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(next, FormJson.Indented));
        File.Move(file + ".new", file, overwrite: true);
        state = next;
    }

    private sealed record State(int Last, ImmutableArray<TakenBack> Revoked);

    private sealed record TakenBack(int Number, DateTimeOffset At);
}
