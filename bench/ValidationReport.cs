namespace Jpki.Bench;

/// <summary>All that <c>jpki bench validate</c> measures.</summary>
internal sealed record ValidationReport(ValidationFigures Paths, MeshFigures Mesh, CrlLookupFigures Crl)
{
    public static ValidationReport Measure() =>
        new(new ValidationBench().Measure(), MeshBench.Measure(), CrlLookupBench.Measure());

    public override string ToString() => $"{Paths}\n{Mesh}\n{Crl}";
}
