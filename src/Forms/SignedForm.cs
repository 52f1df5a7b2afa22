using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Jpki.Forms;

/// <summary>
/// A form under the signature of the one who sends it: kept by both sides as evidence of who asked for what.
/// The signature is ECDSA P-256 with SHA-256 (IEEE P1363) over the body's bytes.
/// </summary>
public sealed record SignedForm
{
    /// <summary>The form as UTF-8 JSON, byte for byte as it was signed.</summary>
    public required byte[] Body { get; init; }

    public required byte[] Signature { get; init; }

    public static SignedForm Sign<T>(T form, ECDsa key)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(form, FormJson.Options);
        return new() { Body = body, Signature = key.SignData(body, HashAlgorithmName.SHA256) };
    }

    /// <summary>The form, if the sender's certificate holds the key that signed it; null otherwise.</summary>
    /// <exception cref="JsonException">The body is signed, but is not such a form.</exception>
    public T? Open<T>(X509Certificate2 sender) where T : class
    {
        using var key = sender.GetECDsaPublicKey();
        return key is not null && key.VerifyData(Body, Signature, HashAlgorithmName.SHA256)
            ? JsonSerializer.Deserialize<T>(Body, FormJson.Options)
            : null;
    }
}
