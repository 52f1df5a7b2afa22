using System.Buffers.Text;
using System.Formats.Asn1;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Validation;

/// <summary>Where the signer's keys and certificates are, and who certifies them.</summary>
public sealed record SignerParts
{
    /// <summary>The Authority's door: base address with a closing slash, and the server's client certificate.</summary>
    public required HttpClient Authority { get; init; }

    /// <summary>Where the server's own keys are made and stay.</summary>
    public required IHsm Hsm { get; init; }

    /// <summary>Where it keeps its certificates. Not trusted: they are checked when read.</summary>
    public required string Folder { get; init; }

    /// <summary>The subject of the requests for its certificates.</summary>
    public required Name ServerName { get; init; }

    public required TimeProvider Clock { get; init; }
}

/// <summary>
/// The server's certificate and its key, RSA: asked for anew, each time with a new key, before it ends and when it was
/// revoked. 官職証明書検証サーバ証明書の発行、更新 (CPS 1-3-2③)
/// </summary>
public sealed class AnswerSigner(SignerParts parts)
{
    private const string Prefix = "validation-";

    /// <summary>How long a revoked certificate may stay in use.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(1);

    private volatile Held? held;
    private volatile string? trouble = "no certificate yet";

    /// <summary>The certificate that it signs with; null before the first.</summary>
    public Certificate? Certificate => held?.Certificate;

    /// <summary>Why it has no good certificate, or could not ask for one; null when all is well.</summary>
    public string? Trouble => trouble;

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Renew(stop);
                trouble = null;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException
                or JsonException or FormatException or AsnContentException or HsmException)
            {
                trouble = e.Message;
            }
            await Task.Delay(AskEvery, parts.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks whether its certificate is still good, and for the next when it is not, or ends soon.</summary>
    public async Task Renew(CancellationToken stop)
    {
        var label = held?.Key.Label ?? Labels().LastOrDefault();
        if (label is not null && parts.Hsm.Find(label) is { } known && await Ask(known, stop) is { } still
            && still.NotAfter - parts.Clock.GetUtcNow() >= RenewalTimes.OneYearOpens)
        {
            held = new(known, still);
            return;
        }
        var next = NextLabel();
        var key = parts.Hsm.Find(next) ?? parts.Hsm.Generate(next, KeySpec.Rsa2048);
        // Null when an attempt that died got a certificate for this key, and it was ended meanwhile.
        var certificate = await Ask(key, stop);
        Keep(next, certificate);
        held = certificate is null ? null : new(key, certificate);
        if (certificate is null)
            await Renew(stop);
    }

    /// <summary>RFC 7515 in compact form, RS256, certificate in x5c; null without a live certificate.</summary>
    public byte[]? Sign(ReadOnlySpan<byte> payload, DateTimeOffset at)
    {
        if (held is not { } signer || !signer.Certificate.IsLiveAt(at))
            return null;
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["alg"] = "RS256",
            ["x5c"] = new[] { Convert.ToBase64String(signer.Certificate.Der.Span) },
        });
        var signed = Encoding.ASCII.GetBytes($"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}");
        var signature = signer.Key.SignHash(SHA256.HashData(signed), SignatureAlgorithm.Sha256WithRsa);
        return [.. signed, (byte)'.', .. Base64Url.EncodeToUtf8(signature)];
    }

    /// <summary>The certificate of that key; null when it has ended and another key is wanted.</summary>
    private async Task<Certificate?> Ask(SigningKey key, CancellationToken stop)
    {
        var request = CertificationRequest.Create(
            parts.ServerName, key.PublicKey, SignatureAlgorithm.Sha256WithRsa,
            key.With(SignatureAlgorithm.Sha256WithRsa));
        using var response = await parts.Authority.PostAsJsonAsync(
            "validation-servers", new ValidationServerRequest(request), FormJson.Options, stop);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<ValidationServerAnswer>(FormJson.Options, stop)
            ?? throw new FormatException("POST /validation-servers: answered with null");
        if (answer.Certificate is null)
            return null;
        var certificate = Certificate.Read(answer.Certificate);
        return certificate.PublicKey.Equals(key.PublicKey)
            && certificate.IsSignedBy(Certificate.Read(answer.AuthorityCertificate).PublicKey)
                ? certificate
                : throw new FormatException("validation server's certificate: for another key, or not the governor's");
    }

    private void Keep(string label, Certificate? certificate)
    {
        var path = Path.Combine(parts.Folder, label + ".cer");
        File.WriteAllBytes(path + ".new", certificate is null ? [] : certificate.Der.Span);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The labels that were certified, oldest first: <c>validation-NUMBER</c>.</summary>
    private IEnumerable<string> Labels()
    {
        Directory.CreateDirectory(parts.Folder);
        return Directory.GetFiles(parts.Folder, $"{Prefix}*.cer")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);
    }

    private string NextLabel()
    {
        var last = Labels().LastOrDefault();
        var number = last is null ? 0 : int.Parse(last.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
        return $"{Prefix}{number + 1:D4}";
    }

    private sealed record Held(SigningKey Key, Certificate Certificate);
}
