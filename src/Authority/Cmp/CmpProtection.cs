using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.Forms;
using Jpki.X509;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cmp;
using Org.BouncyCastle.Asn1.X509;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Authority.Cmp;

/// <summary>A shared secret of a terminal, for CMP programs that cannot sign. 共有秘密</summary>
/// <param name="Reference">The senderKID: the terminal's id.</param>
/// <param name="Secret">Its octets are these ASCII characters.</param>
public sealed record CmpSecret(string Reference, string Secret)
{
    public override string ToString() => $"secret of {Reference}";
}

/// <summary>
/// Checks what protects a message, and protects the answer the same way: by signature, or by a MAC under the terminal's
/// shared secret. (RFC 4210 5.1.3)
/// </summary>
/// <param name="secrets">What shared secrets are derived from.</param>
/// <param name="door">What answers are signed with.</param>
/// <param name="random">For salts.</param>
internal sealed class CmpProtection(byte[] secrets, Func<X509Certificate2> door, RandomNumberGenerator random)
{
    private const string PasswordBasedMac = "1.2.840.113533.7.66.13";
    private const int SecretOctets = 24;
    private const int SaltOctets = 16;
    private const int MostSaltOctets = 128;
    private const int FewestRounds = 100;
    private const int MostRounds = 100_000;

    /// <summary>HMAC with the hashes of RFC 4231; the SHA-1 of RFC 4210's own day is not taken.</summary>
    private static readonly Dictionary<string, HashAlgorithmName> Macs = new()
    {
        ["1.2.840.113549.2.9"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.2.10"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.2.11"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new()
    {
        [Oids.Sha256] = HashAlgorithmName.SHA256,
        [Oids.Sha384] = HashAlgorithmName.SHA384,
        [Oids.Sha512] = HashAlgorithmName.SHA512,
    };

    /// <summary>Bound to the terminal's certificate: it ends with it, and nobody keeps it.</summary>
    public CmpSecret SecretOf(Caller terminal) => new(terminal.Id, Convert.ToHexString(HKDF.DeriveKey(
        HashAlgorithmName.SHA256, secrets, SecretOctets,
        info: Encoding.UTF8.GetBytes($"CMP shared secret {terminal.CertificateSha256}"))));

    /// <summary>What is wrong with the protection; null when it is this terminal's.</summary>
    public string? Objection(CmpMessage message, Caller terminal) =>
        message.Protection is not { } protection || message.Header.ProtectionAlg is not { } algorithm
            ? "the message is not protected"
        : algorithm.Algorithm.Id == PasswordBasedMac
            ? MacObjection(message, Strangers.Read(() => PbmParameter.GetInstance(algorithm.Parameters)), terminal)
        : IsSignedBy(terminal, algorithm.Algorithm.Id, message.ProtectedPart, protection.Span)
            ? null
            : "the message is not signed with the terminal's key";

    /// <summary>How the answer to this message will be protected.</summary>
    public AlgorithmIdentifier AlgorithmFor(CmpMessage? asked)
    {
        if (asked is null || asked.Header.ProtectionAlg.Algorithm.Id != PasswordBasedMac)
            return new(new DerObjectIdentifier(Oids.EcdsaSha256));
        var theirs = PbmParameter.GetInstance(asked.Header.ProtectionAlg.Parameters);
        var salt = new byte[SaltOctets];
        random.GetBytes(salt);
        return new(
            new DerObjectIdentifier(PasswordBasedMac),
            new PbmParameter(new DerOctetString(salt), theirs.Owf, theirs.IterationCount, theirs.Mac));
    }

    /// <summary>The finished answer.</summary>
    /// <param name="header">Says <see cref="AlgorithmFor"/>.</param>
    /// <param name="body">The answer.</param>
    /// <param name="terminal">To whom.</param>
    /// <param name="chain">What the signer's certificate chains to.</param>
    public byte[] Protect(PkiHeader header, PkiBody body, Caller terminal, Certificate chain)
    {
        var octets = new DerSequence(header, body).GetDerEncoded();
        if (header.ProtectionAlg.Algorithm.Id == PasswordBasedMac)
        {
            var mac = Mac(PbmParameter.GetInstance(header.ProtectionAlg.Parameters), SecretOf(terminal), octets);
            return new PkiMessage(header, body, new DerBitString(mac)).GetDerEncoded();
        }
        var identity = door();
        using var key = identity.GetECDsaPrivateKey()!;
        var signature = key.SignData(octets, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new PkiMessage(
            header, body, new DerBitString(signature),
            [CmpAnswers.Of(identity.RawDataMemory), CmpAnswers.Of(chain.Der)]).GetDerEncoded();
    }

    private string? MacObjection(CmpMessage message, PbmParameter parameters, Caller terminal)
    {
        if (message.SenderKid != terminal.Id)
            return "senderKID is not this terminal's id";
        if (!Hashes.ContainsKey(parameters.Owf.Algorithm.Id) || !Macs.ContainsKey(parameters.Mac.Algorithm.Id))
            return "the password-based MAC needs a hash and an HMAC of the SHA-2 family";
        if (parameters.IterationCount.PositiveValue.BitLength > 31
            || parameters.IterationCount.IntPositiveValueExact is < FewestRounds or > MostRounds
            || parameters.Salt.GetOctetsLength() > MostSaltOctets)
        {
            return $"the password-based MAC needs {FewestRounds} to {MostRounds} rounds and a salt of at most "
                + $"{MostSaltOctets} octets";
        }
        return CryptographicOperations.FixedTimeEquals(
            Mac(parameters, SecretOf(terminal), message.ProtectedPart), message.Protection!.Value.Span)
                ? null
                : "the message's MAC is not made with the terminal's secret";
    }

    /// <summary>K = OWF^rounds(secret || salt); HMAC(K, data). (RFC 4210 5.1.3.1)</summary>
    private static byte[] Mac(PbmParameter parameters, CmpSecret secret, byte[] data)
    {
        var hash = Hashes[parameters.Owf.Algorithm.Id];
        byte[] key = [.. Encoding.ASCII.GetBytes(secret.Secret), .. parameters.Salt.GetOctets()];
        for (var rounds = parameters.IterationCount.IntPositiveValueExact; rounds > 0; rounds--)
            key = CryptographicOperations.HashData(hash, key);
        return CryptographicOperations.HmacData(Macs[parameters.Mac.Algorithm.Id], key, data);
    }

    private static bool IsSignedBy(Caller terminal, string algorithm, byte[] data, ReadOnlySpan<byte> signature) =>
        SignatureAlgorithm.FromOid(algorithm) is { IsWritten: true } known
        && known.Hash != HashAlgorithmName.SHA1
        && PublicKey.Read(terminal.Certificate.PublicKey.ExportSubjectPublicKeyInfo()).Verify(known, data, signature);
}
