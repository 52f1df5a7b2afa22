using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Jpki.Forms.Viewing;

/// <summary>
/// A view as HTML: a nested description list, a substitute in <c>mark</c>. Everything is escaped; style is the room's,
/// by the classes <c>view</c> and, for lines without a value, <c>group</c>.
/// </summary>
public static class ViewHtml
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Of(IEnumerable<ViewLine> lines)
    {
        StringBuilder html = new();
        Write(html, lines, "view");
        return html.ToString();
    }

    private static void Write(StringBuilder html, IEnumerable<ViewLine> lines, string? style)
    {
        html.Append(style is null ? "<dl>" : $"<dl class=\"{style}\">");
        foreach (var line in lines)
        {
            html.Append(line.Value is null ? "<div class=\"group\">" : "<div>")
                .Append("<dt>").Append(Encoder.Encode(line.Label)).Append("</dt><dd>");
            if (line.Value is not null)
                html.Append(line.Marks is null ? Encoder.Encode(line.Value) : Marked(line.Value, line.Marks));
            if (line.Lines is not null)
                Write(html, line.Lines, null);
            html.Append("</dd></div>");
        }
        html.Append("</dl>");
    }

    private static string Marked(string text, string marks) => string.Concat(text.Zip(
        marks, (c, mark) => mark == '1' ? $"<mark>{Encoder.Encode($"{c}")}</mark>" : Encoder.Encode($"{c}")));
}
