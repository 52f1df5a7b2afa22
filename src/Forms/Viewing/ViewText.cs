using System.Text;

namespace Jpki.Forms.Viewing;

/// <summary>A view as plain text, indented; a substitute stands in 【brackets】.</summary>
public static class ViewText
{
    private const int LabelColumns = 36;

    public static void Write(TextWriter writer, IEnumerable<ViewLine> lines) => Write(writer, lines, 0);

    private static void Write(TextWriter writer, IEnumerable<ViewLine> lines, int depth)
    {
        foreach (var line in lines)
        {
            writer.Write(new string(' ', depth * 2));
            writer.Write(line.Label);
            if (line.Value is not null)
            {
                writer.Write(':');
                writer.Write(new string(' ', Math.Max(1, LabelColumns - depth * 2 - Columns(line.Label))));
                writer.Write(line.Marks is null ? line.Value : Marked(line.Value, line.Marks));
            }
            writer.WriteLine();
            Write(writer, line.Lines ?? [], depth + 1);
        }
    }

    private static string Marked(string text, string marks) =>
        string.Concat(text.Zip(marks, (c, mark) => mark == '1' ? $"【{c}】" : $"{c}"));

    /// <summary>East Asian characters are two columns wide.</summary>
    private static int Columns(string text) => text.EnumerateRunes().Sum(IsWide);

    private static int IsWide(Rune rune) => rune.Value is >= 0x2E80 and < 0xFF61 or > 0x1FFFF ? 2 : 1;
}
