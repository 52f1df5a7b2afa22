using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Forms.Viewing;

/// <summary>The one style sheet of the pages that officers work with, at the counter and in the control room.</summary>
public static class HouseStyle
{
    private static readonly Lazy<string> Sheet = new(Read);

    /// <summary>For a page that is printed, where no server is.</summary>
    public static string Text => Sheet.Value;

    public static void Map(IEndpointRouteBuilder routes, string path) =>
        routes.MapGet(path, () => Results.Content(Sheet.Value, "text/css; charset=utf-8"));

    private static string Read()
    {
        using var stream = typeof(HouseStyle).Assembly.GetManifestResourceStream("Jpki.Forms.Viewing.house.css")
            ?? throw new FileNotFoundException("embedded style sheet is missing");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
