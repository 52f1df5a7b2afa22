using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>
/// One generation of the governor's key and the status of every certificate it signed. All generations share one name:
/// they are told apart by the hash of the key. 埼玉県知事の鍵の世代
/// </summary>
internal sealed class Issuer
{
    /// <summary>So many pages hold four thousand million certificates; a counter beyond them is no counter.</summary>
    private const int MaxPages = 1 << 20;

    private readonly SerialCipher cipher;
    private readonly (string Algorithm, byte[] Name, byte[] Key)[] hashes;
    private volatile StatusPage?[] pages = [];
    private readonly ConcurrentDictionary<UInt128, long> named = [];
    private volatile bool hasNames;
    private volatile Ended? ended;

    public Issuer(FeedGeneration generation, SerialCipher cipher)
    {
        this.cipher = cipher;
        Generation = generation.Generation;
        Certificate = Certificate.Read(generation.Certificate);
        hashes = [Hash(Oids.Sha1, HashAlgorithmName.SHA1), Hash(Oids.Sha256, HashAlgorithmName.SHA256)];
    }

    public int Generation { get; }

    public Certificate Certificate { get; }

    /// <summary>Does the question name this issuer?</summary>
    public bool IsIssuerOf(CertId certId)
    {
        foreach (var (algorithm, name, key) in hashes)
        {
            if (algorithm == certId.HashAlgorithm)
                return certId.IssuerKeyHash.Span.SequenceEqual(key) && certId.IssuerNameHash.Span.SequenceEqual(name);
        }
        return false;
    }

    public CertificateStatus Find(SerialNumber serial)
    {
        if (CounterOf(serial) is not { } counter)
            return CertificateStatus.Unknown;
        var (known, index) = (pages, counter / StatusPage.Certificates);
        var status = index < known.Length && known[index] is { } page
            ? page.Find((int)(counter % StatusPage.Certificates))
            : CertificateStatus.Unknown;
        return status.Status == CertStatus.Good && ended is { } with
            ? new(CertStatus.Revoked, with.Reason, with.At)
            : status;
    }

    public void Apply(in StatusChange change)
    {
        if (change is { Counter: StatusChange.All, Reason: { } why })
        {
            ended ??= new(why, DateTimeOffset.FromUnixTimeSeconds(change.At.ToUnixTimeSeconds()));
            return;
        }
        if (!change.Serial.IsEmpty)
            Name(change.Serial.Span, change.Counter);
        var page = PageOf(change.Counter);
        var offset = (int)(change.Counter % StatusPage.Certificates);
        if (change.Reason is { } reason)
            page.Revoke(offset, reason, change.At);
        else
            page.Issue(offset);
    }

    /// <summary>Null when this generation has no such number.</summary>
    private long? CounterOf(SerialNumber serial) =>
        hasNames && Number(serial.Bytes.Span) is { } number && named.TryGetValue(number, out var known) ? known
        : cipher.TryDecrypt(serial, out var generation, out var counter) && generation == Generation ? counter
        : null;

    private void Name(ReadOnlySpan<byte> serial, long counter)
    {
        var number = Number(serial) ?? throw new FormatException("status feed: a serial number of more than 128 bits");
        named[number] = counter;
        hasNames = true;
    }

    /// <summary>Serial numbers here have 128 bits, so that one is a number of this machine.</summary>
    private static UInt128? Number(ReadOnlySpan<byte> serial)
    {
        var number = serial.TrimStart((byte)0);
        if (number.Length > 16)
            return null;
        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        number.CopyTo(octets[(16 - number.Length)..]);
        return BinaryPrimitives.ReadUInt128BigEndian(octets);
    }

    /// <summary>The key itself was compromised. (CPS 4-14-2)</summary>
    private sealed record Ended(RevocationReason Reason, DateTimeOffset At);

    private StatusPage PageOf(long counter)
    {
        var index = counter / StatusPage.Certificates;
        if (counter < 1 || index >= MaxPages)
            throw new FormatException($"status feed: counter {counter}");
        if (index >= pages.Length)
        {
            var grown = new StatusPage?[Math.Max(index + 1, Math.Min(MaxPages, pages.Length * 2))];
            pages.CopyTo(grown, 0);
            pages = grown;
        }
        return pages[index] ?? (pages[index] = new());
    }

    private (string, byte[], byte[]) Hash(string oid, HashAlgorithmName hash) => (
        oid,
        CryptographicOperations.HashData(hash, Certificate.Subject.Der.Span),
        CryptographicOperations.HashData(hash, Certificate.PublicKey.KeyBits.Span));
}
