using Dapper;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// The serial numbers of generations that another organisation began: it made them under a secret of its own, so they
/// are looked up. (CPS 4-18)
/// </summary>
/// <param name="store">The books.</param>
/// <param name="last">The last generation that was handed over; 0 when none was.</param>
internal sealed class HandedSerials(Store store, int last)
{
    public static HandedSerials Of(Store store) => new(store, store.Read(db => db.QuerySingle<int>(
        "SELECT COALESCE(MAX(generation), 0) FROM generation WHERE handed_over_at IS NOT NULL")));

    public int Last => last;

    /// <summary>Null for a certificate that is only about to be written down.</summary>
    public SerialNumber? Find(CertificateKey key) => key.Generation <= last
        && store.Read(db => db.QueryFirstOrDefault<string>(
            "SELECT serial FROM certificate WHERE generation = @Generation AND counter = @Counter", key)) is { } serial
            ? SerialNumber.Parse(serial)
            : null;

    public CertificateKey? Find(SerialNumber serial) => last == 0 ? null : store.Read(db =>
        db.QueryFirstOrDefault<CertificateRow>(
            "SELECT generation, counter FROM certificate WHERE serial = @serial AND generation <= @last",
            new { serial = serial.ToString(), last }))?.Key;
}
