using System.Diagnostics.CodeAnalysis;

namespace Jpki.Cps;

/// <summary>A "no" that says which clause forbids it. 拒否</summary>
public sealed record Refusal(Clause Clause, string Reason)
{
    /// <summary>The field of a form that it is about, by its JSON name; null when it is about no single one.</summary>
    public string? Field { get; init; }
}

/// <summary>What an operation came to: its result, or the refusal that stopped it. Never both, never neither.</summary>
public sealed record Outcome<T> where T : class
{
    private Outcome(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    public T? Value { get; }

    public Refusal? Refusal { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);

    /// <summary>
    /// True when it was refused; then <paramref name="refusal"/> says why, else <paramref name="value"/> is there.
    /// </summary>
    public bool IsRefused([NotNullWhen(true)] out Refusal? refusal, [NotNullWhen(false)] out T? value)
    {
        (refusal, value) = (Refusal, Value);
        return refusal is not null;
    }
}
