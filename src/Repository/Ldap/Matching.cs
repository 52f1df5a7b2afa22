using System.Text;

namespace Jpki.Repository;

/// <summary>
/// The matching rules of the schema, as functions that make equal values the same text. (RFC 4517 4.2)
/// </summary>
internal static class Matching
{
    /// <summary>caseIgnoreMatch: case and the number of spaces do not count. (RFC 4518 2.2, 2.6.1)</summary>
    internal static string Prepare(string value) => IsPrepared(value) ? value : Fold(value).Trim(' ');

    /// <summary>The same for a piece of a substring filter, whose spaces at the ends still count.</summary>
    internal static string Fold(string value)
    {
        var folded = new StringBuilder(value.Length);
        foreach (var original in value)
        {
            // Full-width Latin counts as Latin: the one part of NFKC that names here meet.
            var c = original is >= '\uFF01' and <= '\uFF5E' ? (char)(original - '\uFF01' + '!') : original;
            if (char.IsWhiteSpace(c))
                c = ' ';
            else if (char.IsControl(c) || c is '\u00AD' or (>= '\u200B' and <= '\u200F') or '\uFEFF')
                continue;
            if (c != ' ' || folded is not [.., ' '])
                folded.Append(char.ToLowerInvariant(char.ToUpperInvariant(c)));
        }
        return folded.ToString();
    }

    private static bool IsPrepared(string value)
    {
        foreach (var c in value)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.'))
                return false;
        }
        return true;
    }
}
