using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>The judge of keys and signatures.</summary>
internal static class Openssl
{
    public static string Run(params string[] arguments) => Tool.Run("openssl", arguments).Succeeded().Text;

    /// <summary>Lets the key sign the hash of some data, and openssl say whether it did.</summary>
    public static void Accepts(SigningKey key, SignatureAlgorithm algorithm)
    {
        using ScratchFolder folder = new();
        var data = "the governor's certificate"u8.ToArray();
        File.WriteAllBytes(folder["data"], data);
        File.WriteAllText(folder["key"], PemEncoding.WriteString("PUBLIC KEY", key.PublicKey.Der.Span));
        File.WriteAllBytes(folder["signature"],
            key.SignHash(CryptographicOperations.HashData(algorithm.Hash, data), algorithm));

        var verdict = Run("dgst", "-" + algorithm.Hash.Name, "-verify", folder["key"],
            "-signature", folder["signature"], folder["data"]);

        Assert.Equal("Verified OK", verdict.Trim());
    }
}
