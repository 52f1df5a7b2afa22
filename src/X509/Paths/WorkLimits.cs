namespace Jpki.X509.Paths;

/// <summary>How much one question may cost before the answer is that it costs too much.</summary>
public sealed record WorkLimits
{
    public int SignatureChecks { get; init; } = 10_000;

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Names compared with name constraints, all certificates together.</summary>
    public int NameComparisons { get; init; } = 1 << 20;

    /// <summary>Policies held at one certificate: mappings can multiply them.</summary>
    public int Policies { get; init; } = 4096;
}
