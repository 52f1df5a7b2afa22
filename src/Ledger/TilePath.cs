using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Jpki.Ledger;

/// <summary>The address of a tile in C2SP tlog-tiles; no level means the bundle of entries.</summary>
internal sealed record TilePath(int? Level, long Index, int Count)
{
    public const int Width = 256;

    /// <summary><c>tile/0/x001/x234/067.p/5</c></summary>
    public override string ToString()
    {
        var number = (Index % 1000).ToString("d3", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000)
            number = $"x{rest % 1000:d3}/{number}";
        var level = Level?.ToString(CultureInfo.InvariantCulture) ?? "entries";
        return $"tile/{level}/{number}{(Count < Width ? $".p/{Count}" : "")}";
    }

    public static bool TryParse(string path, [NotNullWhen(true)] out TilePath? tile)
    {
        tile = null;
        var parts = path.Split('/');
        if (parts.Length is < 3 or > 8 || parts[0] != "tile")
            return false;
        var last = parts.Length;
        var count = Width;
        if (parts[^2].EndsWith(".p", StringComparison.Ordinal) && Number(parts[^1], out count))
            parts[--last - 1] = parts[last - 1][..^2];
        int? level = parts[1] == "entries" ? null : Number(parts[1], out var named) ? named : -1;
        long index = 0;
        foreach (var group in parts[2..last])
        {
            if (!Number(group.TrimStart('x'), out var thousand))
                return false;
            index = (index * 1000) + thousand;
        }
        // One spelling per tile: anything that does not read back as itself is not an address.
        if (level is < 0 or > 7 || count is < 1 or > Width)
            return false;
        tile = new TilePath(level, index, count);
        return tile.ToString() == path;
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text.Length <= 3;
}
