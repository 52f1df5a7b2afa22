using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>The pages of the Authority's books about its own keys.</summary>
internal static class RolloverBooks
{
    /// <summary>A generation's place in the books, before it has a certificate; there already after a crash.</summary>
    public static void Begin(StoreTransaction tx, int generation, string label, DateTimeOffset at) => tx.Execute(
        """
        INSERT INTO generation (generation, key_label, created_at, next_counter) VALUES (@generation, @label, @at, 1)
        ON CONFLICT (generation) DO UPDATE SET created_at = excluded.created_at
        """, new { generation, label, at = at.ToUnixTimeSeconds() });

    /// <summary>From here on the generation exists.</summary>
    public static void Certify(StoreTransaction tx, int generation, byte[] der) => tx.Execute(
        "UPDATE generation SET certificate = @der WHERE generation = @generation", new { generation, der });

    /// <summary>
    /// Closes the intents of a generation that never came to exist: its serial numbers stand revoked on its ARL, should
    /// it come to exist later, and the status feed never tells of it.
    /// </summary>
    public static IReadOnlyList<long> CloseUnborn(StoreTransaction tx, DateTimeOffset at)
    {
        var unborn = tx.Query<long>("SELECT generation FROM generation WHERE certificate IS NULL");
        foreach (var generation in unborn)
        {
            tx.Execute(
                """
                UPDATE certificate SET state = 2, revoked_at = @at, reason = @reason, key_digest = NULL,
                                       subject = subject || ' (abandoned)'
                WHERE generation = @generation AND state = 0
                """,
                new { generation, at = at.ToUnixTimeSeconds(), reason = (long)RevocationReason.CessationOfOperation });
        }
        return unborn;
    }

    /// <summary>Generations whose certificates and lists of that run are published now are used from now on.</summary>
    public static IReadOnlyList<long> UsePublished(StoreTransaction tx, long run, DateTimeOffset at) => tx.Query<long>(
        """
        UPDATE generation SET used_from = @at
        WHERE used_from IS NULL AND generation IN (SELECT generation FROM crl WHERE number = @run)
        RETURNING generation
        """, new { run, at = at.ToUnixTimeSeconds() });

    public static DateTimeOffset? UsedFrom(DbConnection db, int generation) => db.QueryFirstOrDefault<long?>(
        "SELECT used_from FROM generation WHERE generation = @generation", new { generation }) is { } at
            ? DateTimeOffset.FromUnixTimeSeconds(at)
            : null;

    /// <summary>
    /// What the governor says of himself, for the CA's own entry: all self-signed and link certificates, DER. X.509
    /// puts what an authority issues to itself into cACertificate.
    /// </summary>
    public static IEnumerable<byte[]> OwnCertificates(DbConnection db) => db.Query<byte[]>(
        """
        SELECT der FROM certificate
        WHERE kind IN (@selfSigned, @oldWithNew, @newWithOld) AND kind <> 2 AND der IS NOT NULL
        ORDER BY generation, counter
        """, new
        {
            selfSigned = (long)CertificateKind.SelfSigned,
            oldWithNew = (long)CertificateKind.OldWithNew,
            newWithOld = (long)CertificateKind.NewWithOld,
        });
}
