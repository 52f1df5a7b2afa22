using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// The governor's keys, every generation, and the two secrets beside them: the one that makes serial numbers and the
/// one that recognises holders.
/// </summary>
/// <param name="serialKey">16 octets.</param>
/// <param name="holderKey">32 octets.</param>
/// <param name="handed">The serial numbers that were made elsewhere; null where there are no books.</param>
internal sealed class KeyRing(byte[] serialKey, byte[] holderKey, HandedSerials? handed = null) : IDisposable
{
    private readonly SerialCipher serials = new(serialKey);
    private volatile Generation[] generations = [];
    private volatile Generation? current;
    private volatile bool isStopped;

    public byte[] HolderKey => holderKey;

    public byte[] SerialKey => serialKey;

    public IReadOnlyList<Generation> Generations => generations;

    /// <summary>The generation that signs new certificates.</summary>
    public Generation Current => current!;

    /// <summary>The newest whose word is still good, to be linked with the next one; null when there is none.</summary>
    public Generation? NewestTrusted(DateTimeOffset at) =>
        generations.LastOrDefault(g => g.CanSign && g.CompromisedAt is null && g.Certificate.NotAfter >= at);

    /// <summary>
    /// Why nothing is issued to residents just now: until a compromise is published, whichever key it was, and until
    /// there is a key that may be trusted. (CPS 4-14-2)
    /// </summary>
    public Refusal? ObjectionToIssuing =>
        Current.CompromisedAt is not null
            ? new("4-14-2", $"issuing has stopped: key {Current.Number} is compromised, and there is no new one yet")
            : isStopped ? new("4-14-2", "issuing has stopped until the compromise of an older key is published")
            : null;

    public Generation? Find(int number) => generations.FirstOrDefault(g => g.Number == number);

    /// <param name="number">1, 2, 3 …</param>
    /// <param name="key">Null when another organisation has it: nothing more is signed under that generation.</param>
    /// <param name="issuer">Its self-signed certificate.</param>
    public void Add(int number, SigningKey? key, IssuingAuthority issuer) => generations =
        [.. generations, new(number, key is null ? null : new(key), issuer, serials, serialKey)];

    /// <summary>
    /// The last generation whose serial numbers our secret does not turn into counters; 0 when it made them all.
    /// </summary>
    public int HandedOver => handed?.Last ?? 0;

    public void Use(int number) => Change(number, g => g with { IsUsed = true });

    /// <summary>From now on nothing is issued, until <see cref="Resume"/>.</summary>
    public void Compromise(int number, DateTimeOffset at)
    {
        isStopped = true;
        Change(number, g => g with { CompromisedAt = at });
    }

    public void Resume() => isStopped = false;

    public SerialNumber SerialOf(CertificateKey key) =>
        handed?.Find(key) ?? serials.Encrypt(key.Generation, key.Counter);

    /// <summary>
    /// Which certificate a serial number names; null when it is no number of ours, or no number at all.
    /// </summary>
    public CertificateKey? KeyOf(string serial) =>
        !SerialNumber.TryParse(serial, out var number) ? null
        : serials.TryDecrypt(number, out var generation, out var counter) ? new(generation, counter)
        : handed?.Find(number);

    /// <summary>Reads the two secrets, or makes them on the first start.</summary>
    public static KeyRing Open(string folder, RandomNumberGenerator random, HandedSerials? handed = null) =>
        new(Secret(Path.Combine(folder, "serials.key"), 16, random),
            Secret(Path.Combine(folder, "holders.key"), 32, random), handed);

    public void Dispose() => serials.Dispose();

    private void Change(int number, Func<Generation, Generation> change)
    {
        generations = [.. generations.Select(g => g.Number == number ? change(g) : g)];
        current = generations.LastOrDefault(g => g.IsUsed);
    }

    private static byte[] Secret(string file, int length, RandomNumberGenerator random)
    {
        if (!File.Exists(file))
        {
            var made = new byte[length];
            random.GetBytes(made);
            SecretFile.Write(file, made);
        }
        var secret = SecretFile.Read(file);
        return secret.Length == length
            ? secret
            : throw new InvalidDataException($"{file} holds {secret.Length} bytes where {length} were written");
    }
}
