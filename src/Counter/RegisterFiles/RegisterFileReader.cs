using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter.RegisterFiles;

/// <summary>
/// Reads a file of the resident register: UTF-8, RFC 4180, a first line that says what it is, a header, a last line
/// with the count. 住民基本台帳ファイル
/// </summary>
internal sealed class RegisterFileReader
{
    public const int MostOctets = 256 * 1024 * 1024;

    private const int MostErrors = 200;
    private const int LongestField = 1000;
    private const int LongestNumber = 20;
    private const string Title = "住民基本台帳";
    private const string End = "終端";

    private static readonly string[] Columns =
        ["宛名番号", "氏名", "フリガナ", "通称", "生年月日", "性別", "住所", "外国人住民"];

    /// <summary>Where <see cref="FormCheck"/>'s fields stand.</summary>
    private static readonly Dictionary<string, string> ColumnOf = new()
    {
        ["name"] = "氏名",
        ["nameKana"] = "フリガナ",
        ["alias"] = "通称",
        ["birthDate"] = "生年月日",
        ["gender"] = "性別",
        ["address"] = "住所",
    };

    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        HasHeaderRecord = false,
        IgnoreBlankLines = false,
        DetectDelimiter = false,
        MaxFieldSize = LongestField,
        BadDataFound = bad => throw new FormatException($"{bad.Context.Parser!.RawRow}"),
    };

    private readonly List<RegisterFileError> errors = [];
    private readonly List<RegisterLine> lines = [];
    private readonly HashSet<string> seen = [];
    private readonly DateOnly today;
    private readonly string? only;
    private Municipality? municipality;
    private int number;
    private bool isFull;

    private RegisterFileReader(DateOnly today, string? only) => (this.today, this.only) = (today, only);

    /// <summary>The file; or what is wrong in it, and whose it is as far as that could be read.</summary>
    /// <param name="octets">The file.</param>
    /// <param name="today">No birth is later.</param>
    /// <param name="only">The only municipality whose file it may be; null when it may be any.</param>
    public static (RegisterFile? File, RegisterReport Refused) Read(
        ReadOnlyMemory<byte> octets, DateOnly today, string? only)
    {
        RegisterFileReader reader = new(today, only);
        if (octets.Length > MostOctets)
            reader.Wrong(0, "", "ファイルは 256 MB までです。");
        else
            reader.ReadAll(octets);
        RegisterReport refused = new()
        {
            Municipality = reader.municipality?.Code5 ?? "",
            Number = reader.number,
            Errors = reader.errors,
        };
        return reader.errors.Count > 0 ? (null, refused) : (new()
        {
            Municipality = reader.municipality!,
            Number = reader.number,
            IsFull = reader.isFull,
            Lines = reader.lines,
            Digest = Convert.ToHexString(SHA256.HashData(octets.Span)),
        }, refused);
    }

    private void ReadAll(ReadOnlyMemory<byte> octets)
    {
        var file = MemoryMarshal.TryGetArray(octets, out var array) ? array : octets.ToArray();
        using StreamReader text = new(
            new MemoryStream(file.Array!, file.Offset, file.Count, writable: false),
            new UTF8Encoding(false, throwOnInvalidBytes: true));
        using CsvParser parser = new(text, Format);
        try
        {
            if (ReadTitle(parser) && ReadHeader(parser))
                ReadLines(parser);
        }
        catch (DecoderFallbackException)
        {
            Wrong(0, "", "文字コードが UTF-8 ではありません。");
        }
        catch (FormatException)
        {
            Wrong(parser.RawRow, "", "引用符（\"）が正しくありません。");
        }
        catch (MaxFieldSizeException)
        {
            Wrong(parser.RawRow, "", $"{LongestField}文字を超える項目があります。");
        }
    }

    private bool ReadTitle(CsvParser parser)
    {
        if (!parser.Read() || parser.Record is not [Title, var code, var kind, var count])
            return Wrong(1, "", $"1行目は「{Title},市町村コード,全件 又は 差分,連番」です。");
        municipality = Municipalities.Find(code);
        isFull = kind == "全件";
        if (municipality is null)
            Wrong(1, "市町村コード", "この県の市町村コード（5桁）ではありません。");
        else if (only is not null && code != only)
            Wrong(1, "市町村コード", "他の市町村のファイルです。");
        if (kind is not ("全件" or "差分"))
            Wrong(1, "種別", "「全件」か「差分」です。");
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number == 0)
            Wrong(1, "連番", "1から始まる番号です。");
        return errors.Count == 0;
    }

    private bool ReadHeader(CsvParser parser)
    {
        string[] wanted = isFull ? Columns : ["異動", .. Columns];
        return (parser.Read() && parser.Record!.SequenceEqual(wanted))
            || Wrong(2, "", $"2行目は見出し「{string.Join(',', wanted)}」です。");
    }

    private void ReadLines(CsvParser parser)
    {
        while (parser.Read())
        {
            if (parser.Record is [End, var count])
            {
                if (count != lines.Count.ToString(CultureInfo.InvariantCulture) && errors.Count == 0)
                    Wrong(parser.RawRow, "件数", $"件数が合いません（{lines.Count}件を読みました）。");
                if (parser.Read())
                    Wrong(parser.RawRow, "", $"「{End}」の後に行があります。");
                return;
            }
            ReadLine(parser.RawRow, parser.Record!);
            if (errors.Count >= MostErrors)
                return;
        }
        Wrong(parser.RawRow, "", $"「{End},件数」の行がありません。ファイルが途中で切れています。");
    }

    private void ReadLine(int line, string[] values)
    {
        var expected = Columns.Length + (isFull ? 0 : 1);
        if (values.Length != expected)
        {
            Wrong(line, "", $"列が{values.Length}個あります。{expected}個です。");
            return;
        }
        if (ChangeOf(isFull ? "追加" : values[0]) is not { } change)
        {
            Wrong(line, "異動", "追加、変更、死亡、転出のいずれかです。");
            return;
        }
        if (!isFull)
            values = values[1..];
        if (!IsNumber(values[0]))
            Wrong(line, "宛名番号", $"半角の英数字{LongestNumber}桁までです。");
        else if (!seen.Add(values[0]))
            Wrong(line, "宛名番号", "この番号の行が二つあります。");
        else if (change is RegisterChange.Died or RegisterChange.Left)
            lines.Add(new(line, change, Gone(values[0])));
        else if (ReadPerson(line, values) is { } resident)
            lines.Add(new(line, change, resident));
    }

    private Resident? ReadPerson(int line, string[] values)
    {
        var before = errors.Count;
        var birth = Eras.Parse(values[4]);
        if (birth is null)
            Wrong(line, "生年月日", "元号1桁と西暦の年月日8桁（例：319800217）です。");
        var isGender = values[5] is "1" or "2" or "3";
        if (!isGender)
            Wrong(line, "性別", "1（男）、2（女）、3（不明）のいずれかです。");
        if (values[7] is not ("0" or "1"))
            Wrong(line, "外国人住民", "0か1です。");
        ApplicationForm person = new()
        {
            AppliedOn = today,
            NameKana = values[2],
            Attributes = new()
            {
                Name = FullWidth.Of(values[1]),
                Alias = values[3] == "" ? null : FullWidth.Of(values[3]),
                BirthDate = birth ?? default,
                Gender = isGender ? (Gender)(values[5][0] - '0') : Gender.Unknown,
                Address = FullWidth.Of(values[6]),
            },
        };
        foreach (var error in FormCheck.Errors(person, today))
            Wrong(line, ColumnOf.GetValueOrDefault(error.Field, ""), error.Text);
        if (municipality!.LocalityOf(person.Attributes.Address) is null
            && !errors.Skip(before).Any(e => e.Column == "住所"))
        {
            Wrong(line, "住所", $"{Municipalities.Prefecture}{municipality.Kanji}の住所ではありません。");
        }
        return errors.Count > before ? null : new()
        {
            Id = IdOf(values[0]),
            Municipality = municipality!.Code5,
            NameKana = person.NameKana,
            IsForeign = values[7] == "1",
            Attributes = person.Attributes,
        };
    }

    private string IdOf(string number) => $"{municipality!.Code5}-{number}";

    private Resident Gone(string number) => new()
    {
        Id = IdOf(number),
        Municipality = municipality!.Code5,
        NameKana = "",
        Attributes = new() { Name = "", BirthDate = default, Gender = Gender.Unknown, Address = "" },
    };

    private static RegisterChange? ChangeOf(string text) => text switch
    {
        "追加" => RegisterChange.Added,
        "変更" => RegisterChange.Changed,
        "死亡" => RegisterChange.Died,
        "転出" => RegisterChange.Left,
        _ => null,
    };

    private static bool IsNumber(string text) =>
        text.Length is >= 1 and <= LongestNumber && text.All(char.IsAsciiLetterOrDigit);

    private bool Wrong(int line, string column, string text)
    {
        if (errors.Count < MostErrors)
            errors.Add(new(line, column, text));
        return false;
    }
}
