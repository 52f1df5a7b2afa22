using System.Formats.Asn1;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>
/// The node's own certificates, one for each generation: kept in a folder, asked for anew before they end. Each new
/// certificate gets a new key. OCSPレスポンダ証明書の発行、更新 (CPS 1-3-2④)
/// </summary>
internal sealed class Delegations(ResponderParts parts, FeedReader feed)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private volatile Delegation[] held = [];
    private volatile string? trouble;

    public IReadOnlyList<Delegation> Held => held;

    /// <summary>Why a certificate that is due is not there; null when none is missing.</summary>
    public string? Trouble => trouble;

    /// <summary>The delegation to answer for that issuer; null when there is none, or it has ended.</summary>
    public Delegation? For(Issuer issuer, DateTimeOffset at) => Array.Find(
        held, d => d.Generation == issuer.Generation && d.Certificate.IsLiveAt(at) && !IsRevoked(d));

    public async Task Run(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            var wait = Beat;
            try
            {
                await RenewAll(stop);
                (trouble, pause) = (null, FirstPause);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException
                or JsonException or FormatException or AsnContentException or HsmException)
            {
                trouble = e.Message;
                wait = pause;
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            await Task.Delay(wait, parts.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes what the folder has and asks for what is missing or will end soon.</summary>
    public async Task RenewAll(CancellationToken stop)
    {
        // A generation that has ended has no certificates left to ask about.
        var now = parts.Clock.GetUtcNow();
        foreach (var issuer in feed.Map.Issuers.Where(i => i.Certificate.NotAfter >= now))
        {
            if (Array.Find(held, d => d.Generation == issuer.Generation) is null && Load(issuer) is { } stored)
                Hold(stored);
            var delegation = Array.Find(held, d => d.Generation == issuer.Generation);
            if (delegation is null || delegation.IsDueAt(parts.Clock.GetUtcNow()) || IsRevoked(delegation))
                Hold(await Ask(issuer, stop));
        }
    }

    /// <summary>
    /// The node reads of its own certificate in the feed like of any other. When the key above it is compromised, it
    /// goes on: somebody must say that everything is revoked. (CPS 5-2-1-1(6), 4-14-2)
    /// </summary>
    private bool IsRevoked(Delegation delegation) => feed.Map.Issuers.Any(
        i => i.Find(delegation.Certificate.Serial) is
        {
            Status: CertStatus.Revoked, Reason: not RevocationReason.CaCompromise,
        });

    private IEnumerable<Issuer> After(Issuer issuer) =>
        feed.Map.Issuers.Where(i => i.Generation > issuer.Generation);

    private void Hold(Delegation delegation) =>
        held = [.. held.Where(d => d.Generation != delegation.Generation), delegation];

    private Delegation? Load(Issuer issuer)
    {
        var label = Labels(issuer).LastOrDefault();
        if (label is null || parts.Hsm.Find(label) is not { } key)
            return null;
        try
        {
            return Delegation.Of(issuer, After(issuer), Certificate.Read(File.ReadAllBytes(PathOf(label))), key);
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            // A folder that belonged to another authority, or was damaged: a new certificate is a question away.
            return null;
        }
    }

    private async Task<Delegation> Ask(Issuer issuer, CancellationToken stop)
    {
        var label = NextLabel(issuer);
        var key = parts.Hsm.Find(label) ?? parts.Hsm.Generate(label, parts.KeySpec);
        var algorithm = Delegation.AlgorithmOf(key);
        var request = CertificationRequest.Create(parts.NodeName, key.PublicKey, algorithm, key.With(algorithm));
        using var response = await parts.Authority.PostAsJsonAsync(
            "responders", new ResponderRequest(request, issuer.Generation), FormJson.Options, stop);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<ResponderAnswer>(FormJson.Options, stop)
            ?? throw new FormatException("POST /responders: answered with null");
        var delegation = Delegation.Of(issuer, After(issuer), Certificate.Read(answer.Certificate), key);
        Keep(label, answer.Certificate);
        return delegation;
    }

    private void Keep(string label, byte[] certificate)
    {
        var path = PathOf(label);
        using (var file = File.Create(path + ".new"))
        {
            file.Write(certificate);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The labels that have a certificate, oldest first: <c>ocsp-GENERATION-NUMBER</c>.</summary>
    private IEnumerable<string> Labels(Issuer issuer)
    {
        Directory.CreateDirectory(parts.Folder);
        return Directory.GetFiles(parts.Folder, $"{Prefix(issuer)}*.cer")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The next number; its key may be there already, when the last request for it found no answer.</summary>
    private string NextLabel(Issuer issuer)
    {
        var last = Labels(issuer).LastOrDefault();
        var number = last is null ? 0 : int.Parse(last.AsSpan(Prefix(issuer).Length), CultureInfo.InvariantCulture);
        return $"{Prefix(issuer)}{number + 1:D4}";
    }

    private static string Prefix(Issuer issuer) => $"ocsp-{issuer.Generation}-";

    private string PathOf(string label) => Path.Combine(parts.Folder, label + ".cer");
}
