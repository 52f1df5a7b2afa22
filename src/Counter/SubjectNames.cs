using System.Globalization;
using Jpki.Cps;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>The names that subjects get: unique, and without a word about the person. (CPS 3-1-4)</summary>
internal static class SubjectNames
{
    private const int Sequences = 100_000;
    private const string Country = "2.5.4.6";
    private const string Locality = "2.5.4.7";
    private const string CommonName = "2.5.4.3";

    /// <summary>The terminal's next number: it goes round, but not within a second.</summary>
    public static int NextSequence(StoreTransaction tx, string terminal)
    {
        tx.Execute("""
            INSERT INTO sequences (terminal, last) VALUES (@terminal, 1)
            ON CONFLICT (terminal) DO UPDATE SET last = sequences.last + 1
            """, new { terminal });
        var last =
            tx.QueryFirstOrDefault<long>("SELECT last FROM sequences WHERE terminal = @terminal", new { terminal });
        return (int)(last % Sequences);
    }

    /// <summary>28 characters: yyyyMMddHHmmss in Japan, five digits, municipality and terminal.</summary>
    public static string Of(DateTimeOffset at, int sequence, string terminal) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{at.ToOffset(JapanTime.Offset):yyyyMMddHHmmss}{sequence:D5}{terminal}");

    public static Name Subject(string prefecture, Municipality municipality, string commonName) =>
        Name.Of((Country, "JP"), (Locality, prefecture), (Locality, municipality.Romaji), (CommonName, commonName));
}
