using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// Somebody's own card as PKCS#11 shows it, with an RSA key that decrypts. It opens with its PIN. (CPS 6-4-1-2)
/// </summary>
/// <param name="Module">The PKCS#11 library's path.</param>
/// <param name="Token">The card's label.</param>
/// <param name="Key">The key's label.</param>
/// <param name="PublicKey">
/// SHA-256 of the SubjectPublicKeyInfo in hexadecimal digits: which card it must be. Null takes the one that is there,
/// as a new share may; the share remembers it.
/// </param>
public sealed record PersonalCard(string Module, string Token, string Key, string? PublicKey = null);

/// <summary>A key of 32 octets that only one card gives back. (RFC 8017, 7.1)</summary>
/// <param name="PublicKey">SHA-256 of the card's SubjectPublicKeyInfo in hexadecimal digits.</param>
/// <param name="Hash">Of RSAES-OAEP and its MGF1.</param>
/// <param name="Octets">The key, encrypted.</param>
internal sealed record CardWrap(string PublicKey, string Hash, byte[] Octets);

/// <summary>What a card does for its owner: takes a key in, gives it back.</summary>
internal static class CardKeys
{
    private const int KeySize = 32;
    private const int FewestBits = 2048;

    /// <summary>SoftHSM and some cards know OAEP with SHA-1 only; no collision of the hash helps against it.</summary>
    private static readonly (HashAlgorithmName Name, CKM Hash, CKG Mask)[] Ways =
    [
        (HashAlgorithmName.SHA256, CKM.CKM_SHA256, CKG.CKG_MGF1_SHA256),
        (HashAlgorithmName.SHA1, CKM.CKM_SHA_1, CKG.CKG_MGF1_SHA1),
    ];

    /// <summary>
    /// A new key that the card has already given back once. That also shows that its owner is here: he knows the PIN,
    /// and the card has the private key.
    /// </summary>
    public static Outcome<Tuple<byte[], CardWrap>> Wrap(PersonalCard card, string pin, RandomNumberGenerator random) =>
        With<Tuple<byte[], CardWrap>>(card, pin, (session, handle) =>
        {
            var publicKey = Pkcs11Keys.ReadPublicKey(session, handle);
            var digest = Convert.ToHexStringLower(SHA256.HashData(publicKey.Der.Span));
            if (card.PublicKey is { } expected && expected != digest)
                return AnotherCard(card, expected, digest);
            if (!publicKey.IsRsa || publicKey.Bits < FewestBits)
            {
                return new Refusal("6-4-1-2",
                    $"key {card.Key} of card \"{card.Token}\" is not RSA of {FewestBits} bits");
            }
            var key = new byte[KeySize];
            random.GetBytes(key);
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(publicKey.Der.Span, out _);
            foreach (var (name, _, _) in Ways)
            {
                CardWrap wrap = new(digest, name.Name!, rsa.Encrypt(key, RSAEncryptionPadding.CreateOaep(name)));
                if (TryUnwrap(session, handle, wrap) is { } back && back.AsSpan().SequenceEqual(key))
                    return Tuple.Create(key, wrap);
            }
            throw new HsmException($"card \"{card.Token}\" does not decrypt RSAES-OAEP with key {card.Key}; "
                + "use another card, or a passphrase");
        });

    public static Outcome<byte[]> Unwrap(PersonalCard card, string pin, CardWrap wrap) =>
        With<byte[]>(card, pin, (session, handle) =>
        {
            var there = Pkcs11Keys.ReadPublicKey(session, handle);
            var digest = Convert.ToHexStringLower(SHA256.HashData(there.Der.Span));
            return digest != wrap.PublicKey || (card.PublicKey is { } named && named != digest)
                ? AnotherCard(card, wrap.PublicKey, digest)
                : TryUnwrap(session, handle, wrap) is { } key ? key
                : new Refusal("6-4-1-2", $"card \"{card.Token}\" does not give the key back: it is corrupted");
        });

    private static Refusal AnotherCard(PersonalCard card, string expected, string digest) => new("6-4-1-2",
        $"card \"{card.Token}\" has key {digest} under {card.Key}, not {expected}: it is another card");

    private static byte[]? TryUnwrap(ISession session, IObjectHandle handle, CardWrap wrap)
    {
        var (_, hash, mask) = Ways.FirstOrDefault(w => w.Name.Name == wrap.Hash);
        if (hash == default)
            return null;
        try
        {
            using var parameters = session.Factories.MechanismParamsFactory.CreateCkRsaPkcsOaepParams(
                (ulong)hash, (ulong)mask, (ulong)CKZ.CKZ_DATA_SPECIFIED, null);
            using var mechanism = session.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS_OAEP, parameters);
            return session.Decrypt(mechanism, handle, wrap.Octets);
        }
        catch (Pkcs11Exception e) when (e.RV is CKR.CKR_ARGUMENTS_BAD or CKR.CKR_MECHANISM_PARAM_INVALID
            or CKR.CKR_MECHANISM_INVALID or CKR.CKR_ENCRYPTED_DATA_INVALID or CKR.CKR_ENCRYPTED_DATA_LEN_RANGE
            or CKR.CKR_DATA_INVALID or CKR.CKR_GENERAL_ERROR or CKR.CKR_FUNCTION_FAILED)
        {
            return null;
        }
    }

    /// <summary>One log-in with one PIN; a wrong one is refused by CPS 5-2-3, and the card counts it too.</summary>
    private static Outcome<T> With<T>(PersonalCard card, string pin, Func<ISession, IObjectHandle, Outcome<T>> work)
        where T : class
    {
        var (slot, _) = Pkcs11Slots.Only(card.Module, card.Token);
        return TokenSessions.Said<Outcome<T>>(card.Token, () =>
        {
            using var session = slot.OpenSession(SessionType.ReadOnly);
            try
            {
                session.Login(CKU.CKU_USER, Encoding.UTF8.GetBytes(pin));
            }
            catch (Pkcs11Exception e) when (e.RV is CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_INVALID
                or CKR.CKR_PIN_LEN_RANGE)
            {
                return new Refusal("5-2-3", $"card \"{card.Token}\": wrong PIN ({e.RV})");
            }
            try
            {
                var name = $"card \"{card.Token}\"";
                return Pkcs11Objects.Only(session, name, card.Key, CKO.CKO_PRIVATE_KEY) is { } handle
                    ? work(session, handle)
                    : new Refusal("6-4-1-2", $"{name} has no key {card.Key}");
            }
            finally
            {
                session.Logout();
            }
        });
    }
}
