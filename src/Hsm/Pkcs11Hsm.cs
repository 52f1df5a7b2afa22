using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>Keys in a PKCS#11 token. How safe they are is for the token to say. HSM</summary>
public sealed class Pkcs11Hsm(string module, string token, string pin) : IHsm, IDisposable
{
    private readonly Pkcs11Token token = new(module, token, pin);

    public string Description => $"PKCS#11 {token.Name}";

    public SigningKey? Find(string label)
    {
        KeyLabel.Check(label);
        return token.Use((session, _) => Find(session, label));
    }

    public SigningKey Generate(string label, KeySpec spec)
    {
        KeyLabel.Check(label);
        return token.Use((session, sessions) =>
        {
            if (Find(session, label) is not null)
                throw new InvalidOperationException($"there is already a key {label} in {token.Name}");
            sessions.Write(writing => Generate(writing, label, spec));
            return Find(session, label) ?? throw new HsmException($"{token.Name} made key {label} and cannot find it");
        });
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
        return new(label, Pkcs11Keys.ReadPublicKey(session, publicKey),
            (hash, algorithm) => Sign(label, hash.ToArray(), algorithm));
    }

    private byte[] Sign(string label, byte[] hash, SignatureAlgorithm algorithm) => token.Use((session, sessions) =>
    {
        var key = sessions.Keys.GetOrAdd(label, _ => Only(session, label, CKO.CKO_PRIVATE_KEY)
            ?? throw new HsmException($"{token.Name} no longer has key {label}"));
        using var mechanism = session.Factories.MechanismFactory.Create(
            algorithm.IsRsa ? CKM.CKM_RSA_PKCS : CKM.CKM_ECDSA);
        return algorithm.IsRsa
            ? session.Sign(mechanism, key, Pkcs11Keys.DigestInfo(hash, algorithm))
            : Pkcs11Keys.EcdsaSignature(session.Sign(mechanism, key, hash));
    });

    private IObjectHandle? Only(ISession session, string label, CKO kind)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        var found = session.FindAllObjects(
            [attributes.Create(CKA.CKA_CLASS, kind), attributes.Create(CKA.CKA_LABEL, label)]);
        return found switch
        {
            [] => null,
            [var only] => only,
            var many => throw new HsmException(
                $"{token.Name} has {many.Count} keys labelled {label}; destroy or relabel all but one"),
        };
    }
}
