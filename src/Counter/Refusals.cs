using System.Text.Json;
using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>The Authority's refusals, as they arrive (RFC 9457) and as the counter says them in Japanese.</summary>
internal static class Refusals
{
    private const string Prefix = "CPS ";

    /// <summary>The Authority could not read the notice, and would not read it better the next time.</summary>
    public static readonly Refusal Malformed = new("4-2-1", "通知の形式に誤りがあるため、知事が受け付けませんでした。");

    /// <exception cref="JsonException">It is no problem document with a title and a detail.</exception>
    public static Refusal Read(string problem)
    {
        using var document = JsonDocument.Parse(problem);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("title", out var title) || title.GetString() is not { } clause
            || !clause.StartsWith(Prefix, StringComparison.Ordinal)
            || !document.RootElement.TryGetProperty("detail", out var detail) || detail.GetString() is not { } reason)
        {
            throw new JsonException("a refusal without clause or reason");
        }
        return new(clause[Prefix.Length..], InJapanese(clause[Prefix.Length..]) ?? reason)
        {
            Field = document.RootElement.TryGetProperty("field", out var field) ? field.GetString() : null,
        };
    }

    /// <summary>What the officer tells the applicant; null for a clause the counter has no words for.</summary>
    private static string? InJapanese(string clause) => clause switch
    {
        "4-2-3" => "既に有効な電子証明書が発行されているため、知事が発行申請を拒否しました。",
        "4-4-2-4" => "この電子証明書は、既に失効しています。",
        "6-3-2" => "この鍵の種類は、暗号のセキュリティが脆弱になったため使用できません。",
        "3-1-11" => "秘密鍵の所有を確認できません。鍵ペアの生成からやり直してください。",
        _ => null,
    };
}
