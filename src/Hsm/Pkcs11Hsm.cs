using Jpki.Cps;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>Keys in a PKCS#11 token. How safe they are is for the token to say. HSM</summary>
public sealed class Pkcs11Hsm : IHsm, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Some tokens look for RSA primes for minutes.</summary>
    private static readonly TimeSpan PatienceWithPrimes = TimeSpan.FromMinutes(5);

    private readonly Pkcs11Token token;

    public Pkcs11Hsm(string module, string token, string pin) : this(module, token, new Pkcs11Pin(pin), Patience)
    {
    }

    /// <summary>
    /// The same with the PIN in a file that several custodians lay and take away: the keys sign only while it is there.
    /// (CPS 6-2-1-7, 6-2-1-8)
    /// </summary>
    public Pkcs11Hsm(string module, string token, FileInfo activation)
        : this(module, token, new Pkcs11Pin(activation), Patience)
    {
    }

    internal Pkcs11Hsm(string module, string token, Pkcs11Pin pin, TimeSpan patience) =>
        this.token = new(module, token, pin, patience);

    public string Description => $"PKCS#11 {token.Name}";

    public string? Trouble => token.Trouble;

    public void Reach() => token.Use((_, _) => true);

    public Refusal? ObjectionTo(string label) => token.IsInCustody
        ? new("6-1-1-1", $"{token.Name} is in custody: its key custodians make key {label} in it together. "
            + $"Hold a ceremony with the step \"generate\", key \"{label}\" (jpki ceremony run)")
        : null;

    public SigningKey? Find(string label)
    {
        KeyLabel.Check(label);
        return token.Use((session, _) => Find(session, label));
    }

    public SigningKey Generate(string label, KeySpec spec)
    {
        KeyLabel.Check(label);
        if (ObjectionTo(label) is { } no)
            throw new InvalidOperationException($"{no.Clause}: {no.Reason}");
        return token.Use((session, sessions) =>
        {
            if (Find(session, label) is not null)
                throw new InvalidOperationException($"there is already a key {label} in {token.Name}");
            sessions.Write(writing => Generate(writing, label, spec));
            return Find(session, label) ?? throw new HsmException($"{token.Name} made key {label} and cannot find it");
        }, PatienceWithPrimes);
    }

    public void Dispose() => token.Dispose();

    private static bool Generate(ISession session, string label, KeySpec spec)
    {
        using var mechanism = session.Factories.MechanismFactory.Create(
            spec.IsRsa() ? CKM.CKM_RSA_PKCS_KEY_PAIR_GEN : CKM.CKM_EC_KEY_PAIR_GEN);
        session.GenerateKeyPair(mechanism, Pkcs11Keys.PublicTemplate(label, spec), Pkcs11Keys.PrivateTemplate(label),
            out _, out _);
        return true;
    }

    private SigningKey? Find(ISession session, string label)
    {
        var publicKey = Only(session, label, CKO.CKO_PUBLIC_KEY);
        var privateKey = Only(session, label, CKO.CKO_PRIVATE_KEY);
        if (publicKey is null && privateKey is null)
            return null;
        if (publicKey is null || privateKey is null)
        {
            var half = publicKey is null ? "private" : "public";
            throw new HsmException(
                $"{token.Name} has only the {half} half of key {label}; restore both halves, or destroy what is left");
        }
        var expected = Pkcs11Keys.ReadPublicKey(session, publicKey);
        return new(label, expected, (hash, algorithm) => Sign(label, expected, hash.ToArray(), algorithm));
    }

    /// <summary>
    /// No signature leaves that does not fit: labels can be given to anything, a token can come back as another one,
    /// and a faulty RSA signature betrays its key (Boneh, DeMillo, Lipton 1997).
    /// </summary>
    private byte[] Sign(string label, PublicKey expected, byte[] hash, SignatureAlgorithm algorithm) =>
        token.Use((session, sessions) =>
        {
            var key = sessions.Keys.GetOrAdd(label, _ => Only(session, label, CKO.CKO_PRIVATE_KEY)
                ?? throw new HsmException($"{token.Name} no longer has key {label}"));
            var signature = Pkcs11Objects.Sign(session, key, hash, algorithm);
            return expected.VerifyHash(algorithm, hash, signature)
                ? signature
                : throw new HsmException($"key {label} of {token.Name} is not the key it was, or the token is "
                    + "faulty: what it signed was thrown away. Find out who changed the token (jpki hsm doctor); "
                    + "restore the right key from its backup");
        });

    private IObjectHandle? Only(ISession session, string label, CKO kind) =>
        Pkcs11Objects.Only(session, token.Name, label, kind);
}
