using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>What each room shows to the outside is kept as a text, so that no door opens unseen.</summary>
public sealed partial class Doors
{
    private static readonly string[] Foundations = ["X509", "Cps", "Forms", "Ledger", "Hsm", "Card", "Host"];

    public static TheoryData<string> EveryRoom =>
        [.. Directory.GetDirectories(Path.Combine(Repo.Root, "src"))
            .Select(folder => Path.GetFileName(folder))
            .Where(room => !Foundations.Contains(room) && Tree.Exists($"src/{room}/{room}.csproj"))
            .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(EveryRoom))]
    public void Are_as_they_were(string room) =>
        Golden.Check(
            $"tests/golden/doors/{room}.txt",
            Routes(room) + Surface(Assembly.Load($"Jpki.{room}").GetExportedTypes()));

    [Fact]
    public void A_new_public_member_shows()
    {
        Assert.DoesNotContain("Bell", Surface([typeof(Before)]));
        Assert.Contains("  void Bell(string, int?)\n", Surface([typeof(After)]));
        Assert.NotNull(Golden.Difference(Surface([typeof(Before)]), Surface([typeof(After)])));
    }

    [Fact]
    public void A_new_route_shows() => Assert.Equal(
        ["Get /healthz", "Group /counters", "Post /issuance"],
        RoutesIn("""r.MapGet("/healthz", F); var g = r.MapGroup("/counters"); g.MapPost("/issuance", F);"""));

    internal static string Surface(IEnumerable<Type> types)
    {
        StringBuilder surface = new();
        foreach (var type in types.Where(t => !IsGenerated(t)).OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            surface.Append($"{Kind(type)} {Name(type)}\n");
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
                surface.Append($"  {member}\n");
        }

        return surface.ToString();
    }

    internal static IEnumerable<string> RoutesIn(string text) =>
        Route().Matches(text).Select(route => $"{route.Groups[1].Value} {route.Groups[2].Value}")
            .Distinct().Order(StringComparer.Ordinal);

    private static string Routes(string room)
    {
        var text = string.Concat(Tree.Files(".cs", ".razor")
            .Where(file => file.StartsWith($"src/{room}/", StringComparison.Ordinal)).Select(Tree.Read));
        var routes = string.Concat(RoutesIn(text).Select(route => $"  {route}\n"));
        return routes == "" ? "" : "routes\n" + routes;
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

        if (type.IsEnum)
            return Enum.GetNames(type);
        return type.GetConstructors().Select(c => $"new({Parameters(c)})")
            .Concat(type.GetProperties(Declared).Where(p => p.Name != "EqualityContract")
                .Select(p => $"{Name(p.PropertyType)} {p.Name}{Setter(p)}"))
            .Concat(type.GetFields(Declared).Select(f => $"{Name(f.FieldType)} {f.Name}"))
            .Concat(type.GetMethods(Declared).Where(m => !m.IsSpecialName && !IsRecords(m))
                .Select(m => $"{Name(m.ReturnType)} {m.Name}({Parameters(m)})"));
    }

    private static string Setter(PropertyInfo property) => property.SetMethod is { IsPublic: true } ? " { set; }" : "";

    /// <summary>What the compiler writes for every record says nothing about the room.</summary>
    private static bool IsRecords(MethodInfo method) =>
        method.Name is "<Clone>$" or "Deconstruct" or "Equals" or "GetHashCode" or "ToString";

    private static bool IsGenerated(Type type) =>
        type.FullName!.Contains('<') || type.Namespace?.StartsWith("Jpki", StringComparison.Ordinal) != true;

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)));

    private static string Name(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } value => Name(value) + "?",
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsByRef: true } => "ref " + Name(type.GetElementType()!),
        { IsGenericType: true } =>
            $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => Keyword(type),
    };

    private static string Keyword(Type type) => type.Name switch
    {
        "String" => "string",
        "Int32" => "int",
        "Int64" => "long",
        "Boolean" => "bool",
        "Byte" => "byte",
        "Void" => "void",
        "Object" => "object",
        var name => name,
    };

    [GeneratedRegex("""\bMap(Get|Post|Put|Delete|Methods|Group)\(\s*\$?"([^"]*)""")]
    private static partial Regex Route();

    internal sealed class Before;

    internal sealed class After
    {
        public static void Bell(string name, int? times) => _ = (name, times);
    }
}
