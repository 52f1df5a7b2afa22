namespace Jpki.Hsm.Ceremonies;

/// <summary>A ceremony as people read it before they agree to it.</summary>
public static class CeremonySentences
{
    /// <summary>One sentence for each step, in both languages.</summary>
    public static IEnumerable<(string Japanese, string English)> Of(CeremonyFile file) => file.Steps.Select(step =>
        (CeremonyActs.Of(step).Japanese(step), CeremonyActs.Of(step).English(step)));
}
