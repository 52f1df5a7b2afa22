using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Jpki.Counter;
using Jpki.Ledger;

namespace Jpki.Bench;

/// <summary>
/// Goal: a file of the resident register, of a city of 1,000,000, is in the books within a few seconds for 100,000
/// lines: the first time, again when hardly anything has changed, and as a difference of one line in a hundred. Beside
/// it the time to read and hash as many octets.
/// </summary>
internal static class RegisterBench
{
    private const string City = "11203";
    private const int Changed = 100;

    public static async Task<RegisterFigures> Measure(int people)
    {
        var folder = Directory.CreateTempSubdirectory("jpki-bench-").FullName;
        using var random = RandomNumberGenerator.Create();
        using var key = LogKey.Create("counter.jpki-bench", random);
        try
        {
            await using var store = Store.Open(new()
            {
                Location = Path.Combine(folder, "counter.db"),
                Room = "counter",
                Assembly = typeof(CounterRoom).Assembly,
                LogKey = key,
            });
            CounterRoom room = new(
                store, new Dictionary<string, Terminal>(), _ => new(), TimeProvider.System, random,
                new() { CardsFolder = Path.Combine(folder, "cards") });
            return await Measure(room, people);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<RegisterFigures> Measure(CounterRoom room, int people)
    {
        Resident[] some = [.. MadeUpPeople.Of(100_000, "bench").Where(r => r.Municipality == City)];
        var all = File(people, isFull: true, 1, some, _ => true);
        var clock = Stopwatch.StartNew();
        SHA256.HashData(all);
        var hashed = clock.Elapsed.TotalSeconds;
        return new(
            people, all.Length / 1e6, hashed,
            await Take(room, all),
            await Take(room, File(people, isFull: true, 2, some, _ => true)),
            await Take(room, File(people, isFull: false, 3, some, line => line % Changed == 0)),
            Process.GetCurrentProcess().PeakWorkingSet64 / 1e6);
    }

    private static async Task<double> Take(CounterRoom room, byte[] file)
    {
        var clock = Stopwatch.StartNew();
        var report = await room.RegisterFiles.Take(file, City, "bench");
        return report.IsTaken && report.Unmatched.Count == 0
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException(string.Join('\n', report.Errors));
    }

    private static byte[] File(int people, bool isFull, int number, Resident[] some, Func<int, bool> isIn)
    {
        StringBuilder csv = new($"住民基本台帳,{City},{(isFull ? "全件" : "差分")},{number}\r\n");
        csv.Append($"{(isFull ? "" : "異動,")}宛名番号,氏名,フリガナ,通称,生年月日,性別,住所,外国人住民\r\n");
        var lines = 0;
        for (var i = 0; i < people; i++)
        {
            if (!isIn(i))
                continue;
            var (person, kana) = (some[i % some.Length].Attributes, some[i % some.Length].NameKana);
            csv.Append($"{(isFull ? "" : "変更,")}{i:D10},{person.Name},{kana},{person.Alias},{person.BirthDate.Code},")
                .Append($"{(int)person.Gender},{person.Address}{(isFull ? "" : "　別棟")},0\r\n");
            lines++;
        }
        return Encoding.UTF8.GetBytes(csv.Append($"終端,{lines}\r\n").ToString());
    }
}

/// <summary>Seconds for a whole file, unless said otherwise.</summary>
internal sealed record RegisterFigures(
    int People, double Megabytes, double Hashed, double First, double Again, double Difference, double PeakMegabytes)
{
    public override string ToString() =>
        $"""
        {People:n0} people, {Megabytes:n0} MB    hashed in {Hashed:n2} s
        the first time            {First:n1} s, {First / People * 100_000:n2} s for 100,000 lines
        again, unchanged          {Again:n1} s, {Again / People * 100_000:n2} s for 100,000 lines
        a difference of {People / 100:n0}     {Difference:n1} s
        peak memory               {PeakMegabytes:n0} MB
        """;
}
