using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Acts;

/// <summary>One line of what an order says, as people read it.</summary>
public sealed record OrderLine(string Label, string Text);

/// <summary>A kind of act: whose duty, how its order is judged, shown and done.</summary>
public sealed record ActKind
{
    /// <summary>One word, as it stands in addresses.</summary>
    public required string Name { get; init; }

    public required string Japanese { get; init; }

    public required string English { get; init; }

    public required Duty Duty { get; init; }

    /// <summary>
    /// Why the order cannot be agreed on at all; null when it can. Malformed JSON is a <see cref="JsonException"/>.
    /// </summary>
    public required Func<string, Refusal?> Objection { get; init; }

    public required Func<string, ImmutableArray<OrderLine>> Lines { get; init; }

    /// <summary>
    /// Does it, and says in Japanese what came of it. It may be called again when nobody saw the end of the first time.
    /// </summary>
    public required Func<Act, ApprovedOrder, Task<Outcome<string>>> Do { get; init; }

    /// <summary>Where it is done in another room: asks there whether it was. Null where it is done here.</summary>
    public NeighbourDoor? DoneAt { get; init; }

    /// <summary>The path of the approvals at that door.</summary>
    public string Approvals { get; init; } = "approvals";

    /// <summary>Whether each of the two who agree gets half of a one-time code.</summary>
    public bool GivesCode { get; init; }

    /// <summary>
    /// A kind whose orders are <typeparamref name="TOrder"/>, for what judges, shows and does one as it was read.
    /// </summary>
    internal static ActKind Of<TOrder>(
        string name, string japanese, string english, Duty duty,
        Func<TOrder, Refusal?> objection,
        Func<TOrder, ImmutableArray<OrderLine>> lines,
        Func<Act, TOrder, ApprovedOrder, Task<Outcome<string>>> done) where TOrder : class => new()
        {
            Name = name,
            Japanese = japanese,
            English = english,
            Duty = duty,
            Objection = json => objection(Read<TOrder>(json)),
            Lines = json => lines(Read<TOrder>(json)),
            Do = (act, papers) => done(act, Read<TOrder>(act.OrderJson), papers),
        };

    /// <exception cref="JsonException">It is none such.</exception>
    internal static TOrder Read<TOrder>(string json) where TOrder : class =>
        JsonSerializer.Deserialize<TOrder>(Encoding.UTF8.GetBytes(json), FormJson.Options)
        ?? throw new JsonException("the order is empty");
}
