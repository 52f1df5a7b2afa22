using System.Text.Json;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;
using Jpki.X509.Paths;

namespace Jpki.Validation;

/// <summary>What the room is made of.</summary>
public sealed record ValidationParts
{
    /// <summary>The prefecture's own anchors, for questions that bring none.</summary>
    public required Func<IReadOnlyList<Certificate>> Anchors { get; init; }

    public required FetchLimits Limits { get; init; }

    /// <summary>The room's log; done when the event is durable.</summary>
    public required Func<LedgerEvent, Task> Record { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Signs answers for who wants evidence; null where nobody certifies the room.</summary>
    public AnswerSigner? Signer { get; init; }
}

/// <summary>
/// Says whether an official's certificate is valid: from what comes with the question, and, when that is not enough,
/// from what directories and web servers have, step by step. 官職証明書検証サーバ (CPS 2-1-2(12))
/// </summary>
public sealed class ValidationRoom : IDisposable
{
    private readonly ValidationParts parts;
    private readonly ValidationDesk desk;
    private readonly HttpSource http = new();
    private readonly Fetcher fetcher;
    private volatile string? logTrouble;

    public ValidationRoom(ValidationParts parts)
    {
        this.parts = parts;
        desk = new(parts.Clock);
        fetcher = new([http, new LdapSource()], parts.Limits, parts.Clock);
    }

    /// <summary>What keeps the room from doing its whole duty; null when all is well. For /healthz.</summary>
    public string? Trouble => logTrouble;

    /// <summary>Throws <see cref="JsonException"/> for what is no question.</summary>
    public async Task<ValidationAnswer> Validate(ReadOnlyMemory<byte> json, string source, CancellationToken stop)
    {
        var request = ValidationDesk.Read(json.Span, out var refusal) ?? throw new JsonException(refusal!.Reason);
        var evidence = Evidence.Of(request, parts.Anchors());
        var answer = evidence.Target is null
            ? ValidationDesk.Refuse(request, evidence.Trouble!)
            : await Answer(request, evidence, stop);
        await Record(evidence.Target, answer, source);
        return answer;
    }

    /// <summary>The answer as evidence, a JWS (RFC 7515) that says who signed it; null when nobody can.</summary>
    public byte[]? Sign(ReadOnlySpan<byte> answer) => parts.Signer?.Sign(answer, parts.Clock.GetUtcNow());

    public void Dispose() => http.Dispose();

    private async Task<ValidationAnswer> Answer(ValidationRequest request, Evidence evidence, CancellationToken stop)
    {
        if (desk.QuestionOf(request, evidence.Target!, out var trouble) is not { } question)
            return ValidationDesk.Refuse(request, trouble!);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(parts.Limits.Time);
        List<string> troubles = [];
        HashSet<Uri> asked = [];
        var answer = desk.Validate(evidence, question);
        while (!answer.IsValid && !answer.IsGivenUp && await More(evidence, question, asked, troubles, patience.Token))
            answer = desk.Validate(evidence, question);
        stop.ThrowIfCancellationRequested();
        var said = ValidationDesk.AnswerOf(request, evidence, answer);
        return said with { Tried = [.. said.Tried, .. troubles] };
    }

    /// <summary>
    /// Fetches the next few places that nobody asked yet; false when there are none, or no more may be asked.
    /// </summary>
    private async Task<bool> More(
        Evidence evidence, PathQuestion question, HashSet<Uri> asked, List<string> troubles, CancellationToken patience)
    {
        var places = fetcher.Wanted.Places(evidence, question.Revocation != RevocationMode.None)
            .Where(p => !asked.Contains(p) && fetcher.MayAsk(p))
            .Take(fetcher.Limits.Fetches - asked.Count).ToList();
        asked.UnionWith(places);
        try
        {
            var found = await Task.WhenAll(places.Select(p => fetcher.Fetch(p, patience)));
            troubles.AddRange(found.Select(f => f.Trouble).OfType<string>());
            foreach (var (bundle, _) in found)
            {
                if (bundle is not null)
                    evidence.Add(bundle);
            }
        }
        catch (OperationCanceledException)
        {
            troubles.Add($"fetching took longer than {fetcher.Limits.Time.TotalSeconds:0} seconds");
            return false;
        }
        return places.Count > 0;
    }

    private static string Result(ValidationAnswer answer) => answer.Valid ? "valid" : $"invalid: {answer.Reason}";

    /// <summary>A log that cannot be written shows in the health; who must know still gets an answer.</summary>
    private async Task Record(Certificate? target, ValidationAnswer answer, string source)
    {
        var about = target is null ? null : $"{target.Serial} of {target.Issuer}";
        try
        {
            await parts.Record(new(
                "validation", parts.Clock.GetUtcNow(), Result(answer), source, about));
            logTrouble = null;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            logTrouble = $"log: {e.Message}";
        }
    }
}
