using System.Security.Cryptography;
using Jpki.X509;
using Jpki.X509.Paths;
using Microsoft.Extensions.Time.Testing;

namespace Jpki.Tests.Rooms.X509.Paths;

/// <summary>
/// An authority for tests of paths: <c>root.Certify(ca)</c>, and what is unusual in <c>with</c>. All on P-256, so that
/// a hundred of them cost nothing.
/// </summary>
internal sealed class Hierarchy(string name, TestKey? key = null) : IDisposable
{
    public static readonly DateTimeOffset Start = new(2014, 4, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Noon = Start.AddHours(12);

    private int serial;

    public Name Name { get; } = Name.Of(("C", "JP"), ("O", "Test"), ("CN", name));

    public TestKey Key { get; } = key ?? TestKey.P256();

    public Certificate SelfSigned => Certify(this);

    /// <summary>An authority below this one.</summary>
    public Certificate Certify(Hierarchy subject, params IEnumerable<Extension> more) =>
        Sign(Content(subject.Name, subject.Key.PublicKey) with
        {
            Extensions =
            [
                Extensions.BasicConstraints(isCa: true),
                Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign),
                Extensions.SubjectKeyIdentifier(subject.Key.PublicKey.KeyIdentifier),
                Extensions.AuthorityKeyIdentifier(Key.PublicKey.KeyIdentifier),
                .. more,
            ],
        });

    /// <summary>A holder's certificate.</summary>
    public Certificate Leaf(params IEnumerable<Extension> extensions) => Sign(LeafContent(extensions));

    public CertificateContent LeafContent(params IEnumerable<Extension> extensions) =>
        Content(Name.Of(("C", "JP"), ("CN", $"leaf {serial + 1}")), Key.PublicKey) with
        {
            Extensions = [.. extensions],
        };

    public Certificate Sign(CertificateContent content) => content.Sign(Key.SignHash);

    public Crl List(params IEnumerable<RevokedEntry> entries) => ListContent().Sign(entries, Key.SignHash);

    public CrlContent ListContent() => new()
    {
        Algorithm = Key.Algorithm,
        Issuer = Name,
        ThisUpdate = Start,
        NextUpdate = Start.AddDays(3),
        Extensions = [Extensions.CrlNumber(1)],
    };

    public byte[] Answer(Certificate about, CertStatus status,
        params IReadOnlyList<ReadOnlyMemory<byte>> certificates) =>
        new BasicOcspContent
        {
            Algorithm = Key.Algorithm,
            Responder = Key.PublicKey,
            ProducedAt = Noon,
            Certificates = certificates,
            Responses =
            [
                new()
                {
                    CertId = CertId.Of(HashAlgorithmName.SHA1, Name, Key.PublicKey, about.Serial),
                    Status = status,
                    RevokedAt = status == CertStatus.Revoked ? Start : null,
                    ThisUpdate = Noon,
                },
            ],
        }.Sign(Key.SignHash);

    public void Dispose() => Key.Dispose();

    private CertificateContent Content(Name subject, PublicKey publicKey) => new()
    {
        Serial = SerialNumber.FromUnsigned([(byte)(++serial >> 16), (byte)(serial >> 8 & 0xFF), (byte)(serial & 0xFF)]),
        Algorithm = Key.Algorithm,
        Issuer = Name,
        NotBefore = Start,
        NotAfter = Start.AddYears(3),
        Subject = subject,
        PublicKey = publicKey,
    };
}

/// <summary>
/// Questions about such hierarchies, without revocation unless said otherwise. The clock stands still: a busy machine
/// gives nothing up.
/// </summary>
internal static class Asking
{
    public static PathAnswer About(Certificate target, Certificate anchor, params IEnumerable<Certificate> pool) =>
        new PathValidator(new FakeTimeProvider()).Validate(new([anchor], pool, []), Question(target));

    public static PathQuestion Question(Certificate target) =>
        new() { Target = target, At = Hierarchy.Noon, Revocation = RevocationMode.None };
}
