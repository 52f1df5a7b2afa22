using Xunit.v3;

namespace Jpki.Tests;

/// <summary>
/// The clause of the practice statement that a test is evidence for; also its trait, so one clause can be run.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class CpsAttribute(string clause) : Attribute, ITraitAttribute
{
    public string Clause { get; } = clause;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Cps", Clause)];
}
