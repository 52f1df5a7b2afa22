using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>The names that subjects get: unique, and without a word about the person. (CPS 3-1-4)</summary>
internal static class SubjectNames
{
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
        return (int)(last % SubjectCommonName.Sequences);
    }

    /// <param name="prefecture">The first L.</param>
    /// <param name="locality">The second: municipality or ward.</param>
    /// <param name="commonName">A <see cref="SubjectCommonName"/>.</param>
    public static Name Subject(string prefecture, string locality, string commonName) =>
        Name.Of((Country, "JP"), (Locality, prefecture), (Locality, locality), (CommonName, commonName));
}
