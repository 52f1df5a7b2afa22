using System.Text.RegularExpressions;

namespace Jpki.Hsm;

/// <summary>The rule for key labels: short and plain, so that one can be a file name and a CKA_LABEL.</summary>
internal static partial class KeyLabel
{
    public static void Check(string label)
    {
        if (Plain().IsMatch(label))
            return;
        throw new ArgumentException($"key label \"{label}\" is not 1-64 of A-Z a-z 0-9 . _ -", nameof(label));
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Plain();
}
