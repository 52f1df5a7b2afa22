using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Dapper;

namespace Jpki.Ledger;

/// <summary>
/// A table of a room's books as another organisation gets it: which columns, in which order, and whether it goes into
/// the successor's own books or stays a paper. As a file it is JSON Lines, a row an object; what is null is left out,
/// octets are base64. 引渡し (CPS 4-18)
/// </summary>
/// <param name="Name">Of the table.</param>
/// <param name="Columns">With blanks between; a star marks octets.</param>
/// <param name="Order">By which rows are written: a key.</param>
/// <param name="IsTaken">Whether the successor's books begin with it.</param>
public sealed record HandedTable(string Name, string Columns, string Order, bool IsTaken = true)
{
    /// <summary>Longer than any row: a CRL of a million entries is 40 MB.</summary>
    private const int LongestLine = 256 << 20;

    private const int MostRows = 4096;
    private const int MostOctets = 4 << 20;

    private static readonly JsonWriterOptions Spelling =
        new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public ImmutableArray<(string Name, bool IsOctets)> Fields { get; } =
        [.. Columns.Split(' ').Select(c => (c.TrimEnd('*'), c.EndsWith('*')))];

    private string Names => string.Join(", ", Fields.Select(f => f.Name));

    /// <summary>Writes every row, one in memory at a time; says how many.</summary>
    public long Write(DbConnection db, Stream output)
    {
        using var rows = (DbDataReader)db.ExecuteReader(
            $"SELECT {Names} FROM {Name} ORDER BY {Order}", commandTimeout: 0);
        using Utf8JsonWriter json = new(output, Spelling);
        var count = 0L;
        for (; rows.Read(); count++)
        {
            WriteRow(rows, json);
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
        return count;
    }

    /// <summary>Puts every row of such a file into a store, some thousand to a change; says how many.</summary>
    /// <param name="store">Its migrations were applied.</param>
    /// <param name="input">The file.</param>
    /// <param name="amend">May change a row's values, or add columns, before it goes in.</param>
    /// <exception cref="FormatException">A line is no such row.</exception>
    public async Task<long> Load(Store store, Stream input, Action<IDictionary<string, object?>>? amend = null)
    {
        List<Dictionary<string, object?>> waiting = [];
        var (count, octets) = (0L, 0L);
        foreach (var line in Lines(input))
        {
            var row = ReadRow(line);
            amend?.Invoke(row);
            waiting.Add(row);
            (count, octets) = (count + 1, octets + line.Length);
            if (waiting.Count < MostRows && octets < MostOctets)
                continue;
            await Add(store, waiting);
            octets = 0;
        }
        await Add(store, waiting);
        return count;
    }

    private async Task Add(Store store, List<Dictionary<string, object?>> rows)
    {
        string[] columns = [.. Fields.Select(f => f.Name).Union(rows.SelectMany(r => r.Keys))];
        await store.Write(tx =>
        {
            var insert = tx.Command(Insert(columns));
            foreach (var row in rows)
            {
                foreach (var column in columns)
                    insert.Set(column, row.GetValueOrDefault(column));
                insert.Execute();
            }
        });
        rows.Clear();
    }

    private string Insert(string[] columns) =>
        $"INSERT INTO {Name} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(c => "@" + c))})";

    private void WriteRow(DbDataReader rows, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (var i = 0; i < Fields.Length; i++)
        {
            if (rows.IsDBNull(i))
                continue;
            json.WritePropertyName(Fields[i].Name);
            switch (rows.GetValue(i))
            {
                case byte[] octets:
                    json.WriteBase64StringValue(octets);
                    break;
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case string text:
                    json.WriteStringValue(text);
                    break;
                case var other:
                    throw new InvalidOperationException($"{Name}.{Fields[i].Name} is {other.GetType().Name}");
            }
        }
        json.WriteEndObject();
    }

    private Dictionary<string, object?> ReadRow(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => Value(p));
        }
        catch (Exception e) when (
            e is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"{Name}: a line is no row of it: {e.Message}", e);
        }
    }

    private object? Value(JsonProperty property)
    {
        var field = Fields.FirstOrDefault(f => f.Name == property.Name);
        return field.Name is null ? throw new FormatException($"{Name} has no column {property.Name}")
            : field.IsOctets ? property.Value.GetBytesFromBase64()
            : property.Value.ValueKind == JsonValueKind.Number ? property.Value.GetInt64()
            : property.Value.GetString();
    }

    /// <summary>Line by line, so that a file of any size takes the memory of its longest row.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Lines(Stream input)
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        while (true)
        {
            var from = 0;
            while (buffer.AsSpan(from, filled - from).IndexOf((byte)'\n') is >= 0 and var length)
            {
                yield return buffer.AsMemory(from, length);
                from += length + 1;
            }
            buffer.AsSpan(from, filled - from).CopyTo(buffer);
            filled -= from;
            if (filled == buffer.Length)
            {
                if (filled >= LongestLine)
                    throw new FormatException($"{Name}: a line of more than {LongestLine >> 20} MB");
                Array.Resize(ref buffer, filled * 2);
            }
            var read = input.Read(buffer, filled, buffer.Length - filled);
            if (read == 0 && filled > 0)
                throw new FormatException($"{Name}: the last line does not end");
            if (read == 0)
                yield break;
            filled += read;
        }
    }
}
