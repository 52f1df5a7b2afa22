using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// The secret that the custodians share: 32 random octets that nobody sees. What sets the tokens' activation data and
/// encrypts backups is derived from it (HKDF-SHA-256, RFC 5869). 管理鍵 (CPS 5-2-1-1(1), 6-4-1-1)
/// </summary>
internal sealed class ManagementKey : IDisposable
{
    private const int Size = 32;
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly byte[] secret;

    private ManagementKey(byte[] secret) => this.secret = secret;

    public static ManagementKey Create(RandomNumberGenerator random)
    {
        var secret = new byte[Size];
        random.GetBytes(secret);
        return new(secret);
    }

    /// <summary>One share for each custodian, none of which says anything alone. (CPS 6-2-1-2)</summary>
    public Outcome<Share[]> Split(
        ImmutableArray<string> custodians, int threshold, RandomNumberGenerator random)
    {
        if (threshold < 2)
            return new Refusal("6-2-1-2", "the governor's key takes several custodians: at least 2");
        if (custodians.Length < threshold || custodians.Length > Shamir.MostShares)
            return new Refusal("6-2-1-2", $"{custodians.Length} custodians cannot come to {threshold} of at most 255");
        if (custodians.Distinct().Count() != custodians.Length)
            return new Refusal("6-2-1-2", "one custodian cannot hold two shares");
        var id = Convert.ToHexStringLower(Bytes(random, 16));
        ShareSet set = new(id, threshold, custodians.Length, DigestOf(id, secret));
        return Shamir.Split(secret, threshold, custodians.Length, random)
            .Select((value, i) => new Share(set, i + 1, custodians[i], value)).ToArray();
    }

    /// <summary>Joins shares that several custodians have opened; no two of them may be one person's.</summary>
    public static Outcome<ManagementKey> Join(IReadOnlyList<Share> shares, ShareSet set)
    {
        if (Objection(shares, set) is { } no)
            return no;
        var secret = Shamir.Join([.. shares.Take(set.Threshold).Select(s => ((byte)s.Index, s.Value))]);
        // Constant time matters little for a digest, and costs nothing.
        if (CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(DigestOf(set.Id, secret)), Encoding.ASCII.GetBytes(set.Digest)))
        {
            return new ManagementKey(secret);
        }
        CryptographicOperations.ZeroMemory(secret);
        return new Refusal("6-4-1-2", "the shares fit together and give another key: one of them is corrupted");
    }

    /// <summary>A PIN of letters and digits, as long as the token lets it be.</summary>
    public string Pin(string kind, string token, int length)
    {
        var octets = Derive($"{kind} PIN of token {token}", 64);
        return string.Create(Math.Min(length, octets.Length), octets, (pin, from) =>
        {
            for (var i = 0; i < pin.Length; i++)
                pin[i] = Base32[from[i] & 31];
        });
    }

    public byte[] Derive(string purpose, int length) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, info: Encoding.UTF8.GetBytes("jpki " + purpose));

    /// <summary>The key sealed under another one, for the time between an old quorum and a new one.</summary>
    public byte[] SealUnder(ManagementKey other, string purpose, RandomNumberGenerator random) =>
        Envelope.Seal(other.Derive(purpose, 32), secret, Encoding.UTF8.GetBytes(purpose), random);

    public static ManagementKey OpenUnder(ManagementKey other, string purpose, byte[] envelope) =>
        new(Envelope.Open(other.Derive(purpose, 32), envelope, Encoding.UTF8.GetBytes(purpose)));

    public void Dispose() => CryptographicOperations.ZeroMemory(secret);

    private static Refusal? Objection(IReadOnlyList<Share> shares, ShareSet set)
    {
        if (shares.FirstOrDefault(s => s.Set != set) is { } stranger)
        {
            return new Refusal("6-2-1-2", $"{stranger.Custodian}'s share is of set {stranger.Set.Id[..8]}, "
                + $"the custody's is {set.Id[..8]}: an old share, or another key's");
        }
        if (shares.GroupBy(s => s.Custodian).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return new Refusal("6-2-1-2", $"{twice.Key} is here twice; it takes {set.Threshold} different custodians");
        if (shares.GroupBy(s => s.Index).FirstOrDefault(g => g.Count() > 1) is { } same)
            return new Refusal("6-2-1-2", $"share {same.Key} is here twice; it takes {set.Threshold} different shares");
        return shares.Count < set.Threshold
            ? new Refusal("6-2-1-2", $"it takes {set.Threshold} custodians of {set.Count}; {shares.Count} came")
            : null;
    }

    private static string DigestOf(string id, byte[] secret) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes("jpki share set " + id), .. secret]));

    private static byte[] Bytes(RandomNumberGenerator random, int count)
    {
        var bytes = new byte[count];
        random.GetBytes(bytes);
        return bytes;
    }
}
