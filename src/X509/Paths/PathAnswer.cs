namespace Jpki.X509.Paths;

/// <summary>What came of a question. 検証結果</summary>
public sealed record PathAnswer
{
    public bool IsValid => Objection is null;

    /// <summary>Null when the target is valid.</summary>
    public Objection? Objection { get; init; }

    /// <summary>Anchor first, target last. For a refusal the path that came furthest, if there was one.</summary>
    public IReadOnlyList<Certificate> Path { get; init; } = [];

    /// <summary>The user-constrained policy set (RFC 9618 5.6); empty when there is none.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>What was tried in vain before, in that order; only the first few dozen.</summary>
    public IReadOnlyList<Objection> Tried { get; init; } = [];

    /// <summary>Signatures computed; those remembered do not count.</summary>
    public int SignatureChecks { get; init; }

    /// <summary>Then nothing is known: the search was given up, not finished.</summary>
    public bool IsGivenUp { get; init; }
}
