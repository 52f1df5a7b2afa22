using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Authority;

/// <summary>What operators may look at without leaving a trace: nothing here says who a holder is.</summary>
internal static class OperatorsDoor
{
    public static void Map(RouteGroupBuilder operators, AuthorityRoom room, Publisher publisher)
    {
        KeyWatch keys = new(room);
        operators.MapGet("/watch", () => Results.Json(Watch(room, publisher, keys), FormJson.Options));
        operators.MapPost("/searches", (CertificateQuestion question) => Search(room, question));
        operators.MapGet("/inner-certificates/{serial}", (string serial) =>
            room.Store.Read(db => OperationsSearch.Bytes(db, serial)) is { } der
                ? Results.Json(new CertificateCopy(der), FormJson.Options)
                : Answers.Refused(RevocationPolicy.NotIssuedHere));
        operators.MapGet("/compromises", () => Results.Json(room.Compromises.All, FormJson.Options));
        operators.MapGet("/crl-runs", (long? before) =>
            Results.Json(room.Store.Read(db => CrlHistory.Runs(db, before)), FormJson.Options));
        operators.MapGet("/crl-runs/{number:long}", (long number) =>
            room.Store.Read(db => CrlHistory.Lists(db, number)) is { } lists
                ? Results.Json(lists, FormJson.Options)
                : Answers.Refused(NoSuchList));
        operators.MapGet("/crl-runs/{number:long}/{generation:long}/{scope}",
            (long number, long generation, string scope) =>
                room.Store.Read(db => CrlHistory.Bytes(db, number, generation, scope)) is { } der
                    ? Results.Json(new CrlCopy(der), FormJson.Options)
                    : Answers.Refused(NoSuchList));
    }

    private static Refusal NoSuchList { get; } = new("4-4-9", "no such CRL was issued here");

    private static IResult Search(AuthorityRoom room, CertificateQuestion question)
    {
        try
        {
            return Results.Json(room.Store.Read(db => question.Book == CertificateBook.Operations
                ? OperationsSearch.Find(db, question, room.Now)
                : CertificateSearch.Find(db, question, room.Now)), FormJson.Options);
        }
        catch (FormatException e)
        {
            return Answers.Malformed(e.Message);
        }
    }

    private static AuthorityWatch Watch(AuthorityRoom room, Publisher publisher, KeyWatch keys)
    {
        DriveInfo disk = new(room.Folder);
        var certificates = room.Store.Read(db => (CertificateFind[])
            [.. Responders(db, room.Now), .. OperationsSearch.Newest(db, room.Now)]);
        return new()
        {
            Report = Door.Report(room, publisher),
            KeyTrouble = keys.Trouble,
            IsHsm = keys.IsHsm,
            Disk = new(disk.AvailableFreeSpace, disk.TotalSize),
            Generations = [.. room.Keys.Generations.Select(
                g => new GenerationReport(g.Number, g.Certificate.NotBefore, g.Certificate.NotAfter))],
            Certificates = [.. certificates.OrderBy(c => c.NotAfter)],
            Cross = room.Cross.Standing(),
        };
    }

    /// <summary>
    /// The newest live certificate of each responder, for each generation, and of the validation server. Their subjects
    /// differ: each is asked for anew.
    /// </summary>
    private static IEnumerable<CertificateFind> Responders(DbConnection db, DateTimeOffset at) =>
        from row in db.Query<(byte[] Der, long Generation, long Kind)>(
            """
            SELECT der, generation, kind FROM certificate
            WHERE kind IN (@responder, @server) AND kind <> 2 AND state = 1 AND not_after >= @now
            """,
            new
            {
                responder = (long)CertificateKind.OcspResponder,
                server = (long)CertificateKind.ValidationServer,
                now = at.ToUnixTimeSeconds(),
            })
        let certificate = Certificate.Read(row.Der)
        let kind = (CertificateKind)row.Kind
        group certificate by (
            kind, Generation: kind == CertificateKind.OcspResponder ? $" ({row.Generation})" : "",
            Subject: certificate.Subject.ToString()) into bearer
        let newest = bearer.MaxBy(c => c.NotAfter)!
        select new CertificateFind
        {
            Serial = newest.Serial.ToString(),
            Kind = bearer.Key.kind,
            Standing = CertificateStanding.Live,
            Municipality = null,
            Bearer = bearer.Key.Subject + bearer.Key.Generation,
            NotBefore = newest.NotBefore,
            NotAfter = newest.NotAfter,
            RevokedAt = null,
            Reason = null,
        };
}
