using System.Globalization;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Jpki.X509.Paths;

namespace Jpki.Validation;

/// <summary>
/// Answers questions from what comes with them, without asking anybody else. One desk serves any number of threads and
/// remembers the signatures that it has seen. 検証窓口
/// </summary>
public sealed class ValidationDesk(TimeProvider clock)
{
    /// <summary>Nesting of a question: names in a list in an object.</summary>
    private const int MaxJsonDepth = 8;

    private static readonly JsonSerializerOptions Reading = new(FormJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
        MaxDepth = MaxJsonDepth,
    };

    private readonly PathValidator validator = new(clock);

    /// <summary>One JSON object in, one out: whatever came in.</summary>
    public byte[] Answer(ReadOnlySpan<byte> json) => Write(AnswerOf(json));

    public ValidationAnswer Answer(ValidationRequest request) => Answer(request, Evidence.Of(request));

    internal static byte[] Write(ValidationAnswer answer) =>
        JsonSerializer.SerializeToUtf8Bytes(answer, FormJson.Options);

    internal static ValidationRequest? Read(ReadOnlySpan<byte> json, out ValidationAnswer? refusal)
    {
        refusal = null;
        try
        {
            return JsonSerializer.Deserialize<ValidationRequest>(json, Reading)
                ?? throw new JsonException("null is no question");
        }
        catch (JsonException e)
        {
            refusal = new() { Id = IdOf(json), Valid = false, Reason = $"the question cannot be read: {Shorten(e)}" };
            return null;
        }
    }

    internal ValidationAnswer Answer(ValidationRequest request, Evidence evidence)
    {
        if (evidence.Target is not { } target)
            return Refuse(request, evidence.Trouble!);
        if (QuestionOf(request, target, out var trouble) is not { } question)
            return Refuse(request, trouble!);
        return AnswerOf(request, evidence, Validate(evidence, question));
    }

    internal PathAnswer Validate(Evidence evidence, PathQuestion question) =>
        validator.Validate(evidence.Pool(), question);

    /// <summary>The engine's question; null, and why, when a value means nothing.</summary>
    internal PathQuestion? QuestionOf(ValidationRequest request, Certificate target, out string? trouble)
    {
        trouble = null;
        RevocationMode? mode = request.Revocation switch
        {
            null or "required" => RevocationMode.Required,
            "if-present" => RevocationMode.IfPresent,
            "none" => RevocationMode.None,
            _ => null,
        };
        if (mode is null)
            trouble = "revocation is required, if-present or none";
        else if (request.MaxDepth < 0 || request.MaxRevocationAge < 0)
            trouble = "a depth or an age is negative";
        else if (request.Profile is { } profile && ProfileCheck.KindOf(profile) is null)
            trouble = $"profile is one of {string.Join(", ", Enum.GetNames<CertificateKind>())}";
        return trouble is not null ? null : new()
        {
            Target = target,
            At = request.At ?? clock.GetUtcNow(),
            Policies = request.Policies ?? [Oids.AnyPolicy],
            RequireExplicitPolicy = request.RequireExplicitPolicy ?? false,
            InhibitPolicyMapping = request.InhibitPolicyMapping ?? false,
            InhibitAnyPolicy = request.InhibitAnyPolicy ?? false,
            Revocation = mode!.Value,
            MaxDepth = request.MaxDepth,
            Names = request.Names ?? [],
            Purpose = request.Purpose,
            MaxRevocationAge = request.MaxRevocationAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    internal static ValidationAnswer Refuse(ValidationRequest request, string reason) =>
        new() { Id = request.Id, Valid = false, Reason = reason };

    internal static ValidationAnswer AnswerOf(ValidationRequest request, Evidence evidence, PathAnswer answer)
    {
        var reason = answer.Objection?.ToString() ?? ProfileCheck.Objection(evidence.Target!, request.Profile);
        return new()
        {
            Id = request.Id,
            Valid = reason is null,
            Policies = reason is null ? answer.Policies : [],
            Path = [.. answer.Path.Select(c => Convert.ToHexStringLower(c.Sha256()))],
            Reason = reason,
            Tried = [.. answer.Tried.Select(o => o.ToString()).Concat(evidence.Unreadable)],
            SignatureChecks = answer.SignatureChecks,
        };
    }

    private ValidationAnswer AnswerOf(ReadOnlySpan<byte> json) =>
        Read(json, out var refusal) is { } request ? Answer(request) : refusal!;

    /// <summary>The id of a question that is otherwise of no use, if that much can be read.</summary>
    private static string? IdOf(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxJsonDepth });
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName
                    || !reader.ValueTextEquals("id"u8))
                {
                    continue;
                }
                return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No id in what is no JSON; the caller says that it is none.
        }
        return null;
    }

    /// <summary>Where, not what: nothing of the stranger's text comes back.</summary>
    private static string Shorten(JsonException e) => string.Create(CultureInfo.InvariantCulture,
        $"at octet {e.BytePositionInLine ?? 0}{(e.Path is { Length: < 64 } path ? $", {path}" : "")}");
}
