using System.Data.Common;
using System.Globalization;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Finds certificates of the inner network: a small book, an officer, a terminal, a node or a verifier a row.
/// </summary>
internal static class OperationsSearch
{
    /// <summary>Who renews by himself is told of only when he has not.</summary>
    private static readonly TimeSpan IsLate = RenewalTimes.Opens - TimeSpan.FromDays(30);

    public static CertificateFinds Find(DbConnection db, CertificateQuestion question, DateTimeOffset at)
    {
        var (end, last) = question.After is { } after ? Cursor(after) : (long.MaxValue, "");
        var rows = db.Query<Row>(
            """
            SELECT serial, role, id, not_after AS NotAfter, der, revoked_at AS RevokedAt, reason
            FROM operations_certificate
            WHERE (not_after, serial) < (@end, @last)
              AND serial >= @from AND serial < @until AND not_after >= @ends AND not_after < @ended
            ORDER BY not_after DESC, serial DESC
            """,
            new
            {
                end,
                last,
                from = question.Serial?.ToUpperInvariant() ?? "",
                until = (question.Serial?.ToUpperInvariant() ?? "") + "G",
                ends = Seconds(question.Expires.From, long.MinValue),
                ended = Seconds(question.Expires.Until, long.MaxValue),
            }, buffered: false);
        List<CertificateFind> found = [.. rows.Select(row => row.Seen(at))
            .Where(find => Fits(find, question)).Take(CertificateSearch.PageRows + 1)];
        return found.Count <= CertificateSearch.PageRows
            ? new(found, null)
            : new(found[..^1], string.Create(
                CultureInfo.InvariantCulture, $"{found[^2].NotAfter.ToUnixTimeSeconds()}.{found[^2].Serial}"));
    }

    /// <summary>
    /// The certificates on which the work hangs, each bearer's newest only: who has a newer one does not care when the
    /// old one ends. A verifier's is his own affair.
    /// </summary>
    public static IReadOnlyList<CertificateFind> Newest(DbConnection db, DateTimeOffset at) =>
        [.. db.Query<Row>(
            """
            SELECT o.serial, o.role, o.id, o.not_after AS NotAfter, o.der FROM operations_certificate o
            WHERE o.revoked_at IS NULL AND o.role <> 'Verifier' AND (o.role <> 'Terminal' OR o.not_after < @late)
              AND o.not_after = (
                SELECT MAX(n.not_after) FROM operations_certificate n
                WHERE n.role = o.role AND n.id = o.id AND n.revoked_at IS NULL)
            ORDER BY o.not_after, o.serial
            """, new { late = (at + IsLate).ToUnixTimeSeconds() }).Select(row => row.Seen(at))];

    /// <summary>Null when there is none.</summary>
    public static byte[]? Bytes(DbConnection db, string serial) => db.QueryFirstOrDefault<byte[]>(
        "SELECT der FROM operations_certificate WHERE serial = @serial", new { serial = serial.ToUpperInvariant() });

    private static bool Fits(CertificateFind find, CertificateQuestion question) =>
        (question.Kind is not { } kind || find.Kind == kind)
        && (question.Standing is not { } standing || find.Standing == standing)
        && (question.Issued.From is not { } from || find.NotBefore >= from)
        && (question.Issued.Until is not { } until || find.NotBefore < until)
        && (question.Revoked.IsOpen || find.RevokedAt is { } at
            && (question.Revoked.From is not { } first || at >= first)
            && (question.Revoked.Until is not { } last || at < last))
        && question.Municipality is null;

    private static long Seconds(DateTimeOffset? at, long otherwise) => at?.ToUnixTimeSeconds() ?? otherwise;

    private static (long End, string Serial) Cursor(string after) =>
        after.Split('.') is [var end, var serial]
        && long.TryParse(end, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            ? (seconds, serial)
            : throw new FormatException("after: not the end of a page");

    private sealed class Row
    {
        public string Serial { get; init; } = "";

        public string Role { get; init; } = "";

        public string Id { get; init; } = "";

        public long NotAfter { get; init; }

        public byte[] Der { get; init; } = [];

        public long? RevokedAt { get; init; }

        public long? Reason { get; init; }

        public CertificateFind Seen(DateTimeOffset at) => new()
        {
            Serial = Serial,
            Kind = Role switch
            {
                OperationsBooks.Anchor => CertificateKind.OperationsCa,
                nameof(CallerRole.Officer) or nameof(CallerRole.Terminal) or nameof(CallerRole.Verifier) =>
                    CertificateKind.Client,
                _ => CertificateKind.Door,
            },
            Standing = RevokedAt is not null ? CertificateStanding.Revoked
                : NotAfter < at.ToUnixTimeSeconds() ? CertificateStanding.Expired : CertificateStanding.Live,
            Municipality = null,
            Bearer = Role == OperationsBooks.Anchor ? Id : $"{Role} {Id}",
            NotBefore = Certificate.Read(Der).NotBefore,
            NotAfter = DateTimeOffset.FromUnixTimeSeconds(NotAfter),
            RevokedAt = RevokedAt is { } ended ? DateTimeOffset.FromUnixTimeSeconds(ended) : null,
            Reason = (RevocationReason?)Reason,
        };
    }
}
