using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Host.Negatives;

/// <summary>
/// A governor on paper, with an old key and a new one, who signs whatever he is told. His keys are made for one pack
/// and thrown away; no running prefecture ever signs anything that is wrong.
/// </summary>
internal sealed class Workshop : IDisposable
{
    private const string Kawagoe = "11201";
    private const string Hanno = "11209";

    private readonly List<SigningPair> pairs = [];
    private int lastSerial = 1_000;

    public Workshop(DateTimeOffset now)
    {
        Now = JapanTime.WholeSecond(now);
        (OldKey, NewKey, Stranger, Holder, Responder) = (Pair(), Pair(), Pair(), Pair(), Pair());
        OldGovernor = Generation(OldKey, Now.AddYears(-6));
        Governor = Generation(NewKey, Now.AddYears(-1));
    }

    public DateTimeOffset Now { get; }

    public static PrefectureNames Names => PrefectureNames.Sandbox;

    /// <summary>The generation that the verifier trusts.</summary>
    public IssuingAuthority Governor { get; }

    public IssuingAuthority OldGovernor { get; }

    public SigningPair NewKey { get; }

    public SigningPair OldKey { get; }

    public SigningPair Stranger { get; }

    public SigningPair Holder { get; }

    public SigningPair Responder { get; }

    public Municipality Home { get; } = Municipalities.Find(Kawagoe)!;

    public Municipality Elsewhere { get; } = Municipalities.Find(Hanno)!;

    public SerialNumber NewSerial() =>
        SerialNumber.FromUnsigned([0x5A, .. BitConverter.GetBytes(++lastSerial).Reverse()]);

    /// <summary>A key with something the matter; the workshop disposes of it.</summary>
    public SigningPair Pair(int bits = 2048)
    {
        var pair = SigningPair.Make(bits);
        pairs.Add(pair);
        return pair;
    }

    /// <summary>A made-up resident's certificate without fault, a month old, to be bent with <c>with</c>.</summary>
    public CertificateContent Resident(IssuingAuthority? issuer = null, HolderNames? holder = null) =>
        CertificateContents.Resident(
            issuer ?? Governor,
            new(NewSerial(), Profiles.Resident.ValidityFrom(Now.AddDays(-30)), Holder.PublicKey), Home,
            $"{Now.AddDays(-30):yyyyMMddHHmmss}00001{Kawagoe}T001", holder ?? Person);

    public static HolderNames Person { get; } = new()
    {
        CommonName = "架空　太郎",
        CommonNameSubstitutes = "00000",
        Gender = "1",
        BirthDate = "319800229",
        Address = "埼玉県川越市元町１丁目３番地１",
        AddressSubstitutes = "000000000000000",
    };

    public Certificate Sign(CertificateContent content, SigningPair? key = null) =>
        content.Sign((key ?? NewKey).Signer(content.Algorithm));

    /// <summary>The CRL of the resident's municipality, an hour old, with these serials on it.</summary>
    public Crl Crl(
        IEnumerable<SerialNumber>? revoked = null, SigningPair? key = null, Func<CrlContent, CrlContent>? bend = null,
        Municipality? of = null) =>
        List(CrlKind.Crl, Names.DistributionPointOf(of ?? Home), revoked ?? [], Governor, key ?? NewKey, bend);

    /// <summary>The ARL of a generation, an hour old.</summary>
    public Crl Arl(IEnumerable<SerialNumber>? revoked = null) =>
        List(CrlKind.Arl, Names.Authority, revoked ?? [], Governor, NewKey, null);

    /// <summary>An OCSP responder's certificate, a month old.</summary>
    public CertificateContent ResponderCertificate() => CertificateContents.OcspResponder(
        Governor, new(NewSerial(), Profiles.OcspResponder.ValidityFrom(Now.AddDays(-30)), Responder.PublicKey),
        "ocsp-1");

    /// <summary>That the certificate is good, said a minute ago.</summary>
    public SingleResponse Good(Certificate about) => new()
    {
        CertId = CertId.Of(
            System.Security.Cryptography.HashAlgorithmName.SHA1, about.Issuer, NewKey.PublicKey, about.Serial),
        Status = CertStatus.Good,
        ThisUpdate = Now.AddMinutes(-1),
        NextUpdate = Now.AddMinutes(30),
    };

    public byte[] Ocsp(SingleResponse answer, SigningPair? key = null, params Certificate[] certificates) =>
        new BasicOcspContent
        {
            Algorithm = SignatureAlgorithm.Sha256WithRsa,
            Responder = (key ?? Responder).PublicKey,
            ProducedAt = answer.ThisUpdate,
            Responses = [answer],
            Certificates = certificates.Length > 0
                ? [.. certificates.Select(c => c.Der)]
                : [Sign(ResponderCertificate()).Der],
        }.Sign((key ?? Responder).Signer(SignatureAlgorithm.Sha256WithRsa));

    public void Dispose() => pairs.ForEach(pair => pair.Dispose());

    private IssuingAuthority Generation(SigningPair key, DateTimeOffset madeAt) => new(
        Names, ProfileChoices.Default,
        CertificateContents.SelfSigned(
            Names, ProfileChoices.Default,
            new(NewSerial(), Profiles.SelfSigned.ValidityFrom(madeAt), key.PublicKey), SignatureAlgorithm.Sha256WithRsa)
            .Sign(key.Signer(SignatureAlgorithm.Sha256WithRsa)));

    private Crl List(
        CrlKind kind, Name point, IEnumerable<SerialNumber> revoked, IssuingAuthority issuer, SigningPair key,
        Func<CrlContent, CrlContent>? bend)
    {
        var content = CrlContents.Of(issuer, kind, 42, Now.AddHours(-1), point);
        RevokedEntry[] entries =
            [.. revoked.Select(s => new RevokedEntry(s, Now.AddHours(-2), (int)CrlReason.KeyCompromise))];
        return (bend is null ? content : bend(content)).Sign(entries, key.Signer(SignatureAlgorithm.Sha256WithRsa));
    }
}
