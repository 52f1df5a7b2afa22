using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>What every page of the terminal shows around its content.</summary>
public sealed record PageFrame
{
    public required string Title { get; init; }

    /// <summary>Null before the log-in.</summary>
    public OfficerOnDuty? Officer { get; init; }

    /// <summary>Goes into every form of the page.</summary>
    public required string FormToken { get; init; }

    /// <summary>Why the last act was refused.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>What is wrong in the form that was sent.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>How many notices wait for the Authority.</summary>
    public long Waiting { get; init; }

    public string? ErrorOf(string field) => Errors.FirstOrDefault(e => e.Field == field)?.Text;
}

/// <summary>The fields of a form as they were typed, so that nothing has to be typed twice.</summary>
public sealed class TypedFields
{
    private readonly IReadOnlyDictionary<string, string> values;

    public TypedFields(IReadOnlyDictionary<string, string> values) => this.values = values;

    public static TypedFields None { get; } = new(new Dictionary<string, string>());

    public string this[string field] => values.GetValueOrDefault(field, "").Trim();

    /// <summary>Blanks and all: a password.</summary>
    public string Exactly(string field) => values.GetValueOrDefault(field, "");

    public bool Has(string field) => this[field].Length > 0;
}
