using System.Security.Cryptography;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>The keys of a token by their labels, in a session that is logged in.</summary>
internal static class Pkcs11Objects
{
    private static readonly byte[] Challenge = SHA512.HashData("jpki self-test: this is no certificate"u8);

    /// <summary>The one object of that kind and label; null when there is none.</summary>
    public static IObjectHandle? Only(ISession session, string token, string label, CKO kind) =>
        All(session, label, kind) switch
        {
            [] => null,
            [var only] => only,
            var many => throw new HsmException(
                $"{token} has {many.Count} keys labelled {label}; destroy or relabel all but one"),
        };

    public static List<IObjectHandle> All(ISession session, string label, CKO kind)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        return session.FindAllObjects(
            [attributes.Create(CKA.CKA_CLASS, kind), attributes.Create(CKA.CKA_LABEL, label)]);
    }

    public static byte[] Sign(ISession session, IObjectHandle key, byte[] hash, SignatureAlgorithm algorithm)
    {
        using var mechanism = session.Factories.MechanismFactory.Create(
            algorithm.IsRsa ? CKM.CKM_RSA_PKCS : CKM.CKM_ECDSA);
        return algorithm.IsRsa
            ? session.Sign(mechanism, key, Pkcs11Keys.DigestInfo(hash, algorithm))
            : Pkcs11Keys.EcdsaSignature(session.Sign(mechanism, key, hash));
    }

    /// <summary>
    /// The private key of that label, after it has shown with a signature that it belongs to the public key: labels
    /// can be given to anything, and a token can come back as another one.
    /// </summary>
    public static IObjectHandle Proven(ISession session, string token, string label, PublicKey expected)
    {
        var key = Only(session, token, label, CKO.CKO_PRIVATE_KEY)
            ?? throw new HsmException($"{token} no longer has key {label}");
        var algorithm = expected.IsRsa ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;
        var signature = Sign(session, key, SHA256.HashData(Challenge), algorithm);
        return expected.Verify(algorithm, Challenge, signature)
            ? key
            : throw new HsmException($"key {label} of {token} is not the key it was: it signed nothing. "
                + "Find out who changed the token; restore the right key from its backup");
    }
}
