namespace Jpki.Counter;

/// <summary>Register texts are written full-width, from ASCII to ideographic space. 全角</summary>
internal static class FullWidth
{
    private const int Distance = '！' - '!';

    public static string Of(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = Of(from[i]);
    });

    /// <summary>The other way, for what is ASCII: codes, amounts.</summary>
    public static string ToAscii(string text) => string.Concat(text.Select(c => c switch
    {
        '\u3000' => ' ',
        >= '！' and <= '～' => (char)(c - Distance),
        _ => c,
    }));

    /// <summary>So that 1-2 and １－２ and １−２ compare as equal.</summary>
    private static char Of(char c) => c switch
    {
        ' ' => '\u3000',
        '-' or '\u2010' or '\u2212' => '－',
        > ' ' and <= '~' => (char)(c + Distance),
        _ => c,
    };
}
