using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Jpki.Ledger;

/// <summary>
/// The Ed25519 key that seals one log, in the text form of C2SP signed notes. Its name is the log's origin.
/// </summary>
public sealed class LogKey : IDisposable
{
    private const string Prefix = "PRIVATE+KEY+";

    private readonly Key key;

    private LogKey(string name, ReadOnlySpan<byte> seed)
    {
        key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        PublicKey = new LogPublicKey(name, key.PublicKey);
    }

    public string Name => PublicKey.Name;

    public LogPublicKey PublicKey { get; }

    /// <summary>
    /// Reads the key, or makes one (mode 0600, never half written); its public half lies beside it as <c>log.pub</c>.
    /// </summary>
    public static LogKey OpenOrCreate(string path, string name, RandomNumberGenerator random)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var made = Create(name, random, out var text);
            DurableFile.Write(path, text + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        var key = Parse(File.ReadAllText(path).TrimEnd());
        if (key.Name != name)
            throw new FormatException($"{path} is the key of {key.Name}, not of {name}");
        var open = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "log.pub");
        if (!File.Exists(open))
            DurableFile.Write(open, key.PublicKey + "\n", DurableFile.Readable);
        return key;
    }

    /// <summary>A key that lives only as long as the process.</summary>
    public static LogKey Create(string name, RandomNumberGenerator random) => Create(name, random, out _);

    public void Dispose() => key.Dispose();

    internal byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(key, data);

    private static LogKey Create(string name, RandomNumberGenerator random, out string text)
    {
        var seed = new byte[33];
        random.GetBytes(seed);
        seed[0] = LogPublicKey.Ed25519;
        var made = new LogKey(name, seed.AsSpan(1));
        text = $"{Prefix}{name}+{made.PublicKey.Hash:x8}+{Convert.ToBase64String(seed)}";
        CryptographicOperations.ZeroMemory(seed);
        return made;
    }

    private static LogKey Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            throw new FormatException("not a signed-note private key");
        var (name, hash, seed) = LogPublicKey.Split(text[Prefix.Length..]);
        var key = new LogKey(name, seed);
        CryptographicOperations.ZeroMemory(seed);
        return key.PublicKey.Hash == hash ? key : throw new FormatException("the key's hash does not fit the key");
    }
}

/// <summary>The public half of a <see cref="LogKey"/>: C2SP's <c>name+hash+base64</c>.</summary>
public sealed class LogPublicKey
{
    internal const byte Ed25519 = 1;

    private readonly PublicKey key;

    internal LogPublicKey(string name, PublicKey key)
    {
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || c == '+'))
            throw new FormatException("a log's name has neither spaces nor '+'");
        (Name, this.key) = (name, key);
        // C2SP signed-note: SHA-256(name || 0x0A || algorithm || key)[:4]
        byte[] named = [.. Encoding.UTF8.GetBytes(name), 0x0A, Ed25519, .. Bytes];
        Hash = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(named));
    }

    public string Name { get; }

    public uint Hash { get; }

    /// <summary>The raw 32 octets of RFC 8032.</summary>
    public byte[] Bytes => key.Export(KeyBlobFormat.RawPublicKey);

    public static LogPublicKey Read(string path) => Parse(File.ReadAllText(path).Trim());

    public static LogPublicKey Parse(string text)
    {
        var (name, hash, bytes) = Split(text);
        if (!NSec.Cryptography.PublicKey.TryImport(
            SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key))
        {
            throw new FormatException("not an Ed25519 public key");
        }

        var parsed = new LogPublicKey(name, key!);
        return parsed.Hash == hash ? parsed : throw new FormatException("the key's hash does not fit the key");
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        SignatureAlgorithm.Ed25519.Verify(key, data, signature);

    public override string ToString() => $"{Name}+{Hash:x8}+{Convert.ToBase64String([Ed25519, .. Bytes])}";

    internal static (string Name, uint Hash, byte[] Key) Split(string text)
    {
        var parts = text.Split('+', 3);
        if (parts.Length != 3 || parts[1].Length != 8)
            throw new FormatException("a note key is name+hash+base64");
        var key = Convert.FromBase64String(parts[2]);
        if (key.Length != 33 || key[0] != Ed25519)
            throw new FormatException("only Ed25519 keys seal logs");
        return (parts[0], Convert.ToUInt32(parts[1], 16), key[1..]);
    }
}
