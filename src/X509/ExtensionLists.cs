namespace Jpki.X509;

/// <summary>Changes to a list of extensions, each giving a new list and keeping the order of the rest.</summary>
public static class ExtensionLists
{
    public static IReadOnlyList<Extension> Without(this IReadOnlyList<Extension> extensions, string oid) =>
        [.. extensions.Where(e => e.Oid != oid)];

    /// <summary>In the place of the one with the same OID; at the end when there is none.</summary>
    public static IReadOnlyList<Extension> With(this IReadOnlyList<Extension> extensions, Extension extension) =>
        extensions.Any(e => e.Oid == extension.Oid)
            ? [.. extensions.Select(e => e.Oid == extension.Oid ? extension : e)]
            : [.. extensions, extension];
}
