using Jpki.X509;

namespace Jpki.Hsm;

/// <summary>The kinds of key this authority makes. 鍵長 (CPS 6-1-2-3)</summary>
public enum KeySpec
{
    Rsa2048,
    Rsa3072,
    Rsa4096,
    EcP256,
    EcP384,
}

/// <summary>What each kind of key is, in numbers and OIDs.</summary>
internal static class KeySpecs
{
    public static bool IsRsa(this KeySpec spec) => spec is KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096;

    public static int ModulusBits(this KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => 2048,
        KeySpec.Rsa3072 => 3072,
        KeySpec.Rsa4096 => 4096,
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    /// <summary>The named curve's OID. (RFC 5480, 2.1.1.1)</summary>
    public static string CurveOid(this KeySpec spec) => spec switch
    {
        KeySpec.EcP256 => Oids.P256,
        KeySpec.EcP384 => Oids.P384,
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };
}
