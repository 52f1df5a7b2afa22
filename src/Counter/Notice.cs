using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>The three kinds of paper a counter sends to the governor.</summary>
internal enum NoticeKind
{
    /// <summary>発行通知</summary>
    Issuance,

    /// <summary>失効処理の依頼</summary>
    Revocation,

    /// <summary>異動等失効情報</summary>
    RegisterEvent,
}

/// <summary>A signed notice in the outbox.</summary>
/// <param name="Id">The same when it is sent again: the Authority answers the same.</param>
/// <param name="Municipality">Whose terminal signed it.</param>
/// <param name="Kind">Which door it goes to.</param>
/// <param name="About">The application's or receipt's id.</param>
/// <param name="Form">The signed form as JSON.</param>
/// <param name="Attempts">How often it was sent in vain.</param>
internal sealed record Notice(
    string Id, string Municipality, NoticeKind Kind, string About, byte[] Form, int Attempts = 0)
{
    public string Path => Kind switch
    {
        NoticeKind.Issuance => "counters/issuance",
        NoticeKind.Revocation => "counters/revocations",
        NoticeKind.RegisterEvent => "counters/register-events",
        _ => throw new ArgumentOutOfRangeException(nameof(Kind)),
    };

    /// <summary>A form under the terminal's signature.</summary>
    public static Notice Of<T>(string id, NoticeKind kind, string about, T form, Terminal terminal) => new(
        id, terminal.Municipality, kind, about,
        JsonSerializer.SerializeToUtf8Bytes(SignedForm.Sign(form, terminal.Key), FormJson.Options));
}

/// <summary>What the Authority said to a notice: its answer as JSON, or its refusal.</summary>
internal sealed record Reply(string? Json, Refusal? Refusal)
{
    /// <exception cref="JsonException">It is no such answer.</exception>
    public T Read<T>() where T : class =>
        JsonSerializer.Deserialize<T>(Json ?? "null", FormJson.Options) ?? throw new JsonException("an empty answer");
}
