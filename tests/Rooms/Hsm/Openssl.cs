using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>The judge of keys and signatures.</summary>
internal static class Openssl
{
    public static string Run(params string[] arguments) => Tool("openssl", arguments);

    public static string Tool(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{name} {string.Join(' ', arguments)}\n{output}{error.Result}");
        return output;
    }

    /// <summary>Lets the key sign the hash of some data, and openssl say whether it did.</summary>
    public static void Accepts(SigningKey key, SignatureAlgorithm algorithm)
    {
        using TempFolder folder = new();
        var data = "the governor's certificate"u8.ToArray();
        File.WriteAllBytes(folder["data"], data);
        File.WriteAllText(folder["key"], PemEncoding.WriteString("PUBLIC KEY", key.PublicKey.Der.Span));
        File.WriteAllBytes(folder["signature"],
            key.SignHash(CryptographicOperations.HashData(algorithm.Hash, data), algorithm));

        var verdict = Run("dgst", "-" + algorithm.Hash.Name, "-verify", folder["key"], "-signature", folder["signature"],
            folder["data"]);

        Assert.Equal("Verified OK", verdict.Trim());
    }
}
