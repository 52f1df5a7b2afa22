using Microsoft.AspNetCore.Http;

namespace Jpki.ControlRoom.Pages;

/// <summary>Addresses of the next page.</summary>
internal static class Queries
{
    /// <summary>The same question with one value changed: <c>?a=b&amp;c=d</c>.</summary>
    public static string With(this IQueryCollection query, string name, string value) => QueryString.Create(
        query.Where(q => q.Key != name && q.Value.ToString().Length > 0)
            .Select(q => KeyValuePair.Create<string, string?>(q.Key, q.Value.ToString()))
            .Append(new(name, value))).ToString();
}
