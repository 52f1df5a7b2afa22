using System.Formats.Asn1;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Authority;

/// <summary>The Authority's door: all that can be asked of it, and by whom. It stands behind mutual TLS.</summary>
public static class Door
{
    /// <summary>Three times as many as there are terminals at the busiest hour.</summary>
    internal const int MostCounters = 1024;

    public static void MapAuthority(this IEndpointRouteBuilder door, AuthorityRoom room, Publisher publisher)
    {
        var routes = door.MapGroup("").AddEndpointFilter((context, next) => Signing(room, context, next));
        var counters = routes.MapGroup("/counters").Only(CallerRole.Terminal)
            .AddEndpointFilter(new Turnstile(MostCounters).Pass);
        counters.MapPost("/issuance", (SignedForm form, HttpContext http) =>
            Take(() => room.Governor.Issue(form, Caller.Of(http)!)));
        counters.MapPost("/revocations", (SignedForm form, HttpContext http) =>
            Take(() => room.Governor.Revoke(form, Caller.Of(http)!)));
        counters.MapPost("/register-events", (SignedForm form, HttpContext http) =>
            Take(() => room.Governor.Record(form, Caller.Of(http)!)));
        RegisterEventDesk events = new(room);
        counters.MapPost("/register-event-lists", (SignedForm form, HttpContext http) =>
            Take(() => events.Take(form, Caller.Of(http)!)));

        routes.MapGroup("/responders")
            .Only(CallerRole.OcspNode).MapPost("/", (ResponderRequest asked, HttpContext http) =>
                Take(() => room.Governor.IssueResponder(asked, Caller.Of(http)!)));
        routes.MapGroup("/status-feed").Only(CallerRole.OcspNode).MapGet("/", (long after, HttpContext http) =>
            Feed(room, after, http));

        routes.MapGroup("/validation-servers").Only(CallerRole.ValidationServer).MapPost("/",
            (ValidationServerRequest asked, HttpContext http) =>
                Take(() => room.ValidationServers.Certify(asked, Caller.Of(http)!)));
        routes.MapPost("/renewals", (RenewalRequest asked, HttpContext http) => Caller.Of(http) is { } caller
            ? Take(() => InnerRenewals.Renew(room, asked, caller))
            : Task.FromResult(Answers.Forbidden(new("5-2-3", "show a certificate of the operations CA"))));

        routes.MapGroup("/verifiers").Only(CallerRole.Verifiers).MapPost("/certificates",
            (ClientCertificateRequest asked, HttpContext http) => Take(() =>
                VerifierCertificates.Issue(room, asked, Caller.Of(http)!)));

        MapOperators(routes.MapGroup("/operators").Only(CallerRole.ControlRoom), room, publisher);
    }

    private static void MapOperators(RouteGroupBuilder operators, AuthorityRoom room, Publisher publisher)
    {
        OperatorsDoor.Map(operators, room, publisher);
        CrossDoor.Map(operators, room, publisher);
        operators.MapGet("/report", () => Results.Json(Report(room, publisher), FormJson.Options));
        operators.MapGet("/certificates/{serial}", (string serial) => Answers.Of(Find(room, serial)));
        operators.MapPost("/copies", (OfficerOrder<CopyOrder> order) =>
            Take(() => room.Governor.Copy(order.Order.Serial, order.Officer)));
        operators.MapGet("/approvals/{id}", (string id) =>
            Results.Json(room.Store.Read(db => ApprovalBooks.Find(db, id)), FormJson.Options));
        operators.MapPost("/revocations", (ApprovedOrder papers, HttpContext http) => Take(() =>
            Act<ExOfficioRevocation, RevocationAnswer>(
                room, papers, Duties.RevokeExOfficio, http, room.Governor.Revoke)));
        operators.MapPost("/publications", (
            ApprovedOrder papers, HttpContext http, CancellationToken stop) => Take(() =>
            Act<PublishOrder, AuthorityReport>(room, papers, Duties.IssueCrlsNow, http, async approved =>
                (await publisher.IssueNow(approved, stop)).Refusal is { } no ? no : Report(room, publisher))));
        operators.MapPost("/rollovers", (ApprovedOrder papers, HttpContext http) => Take(() =>
            Act<RolloverOrder, RolloverAnswer>(room, papers, Duties.RenewAuthorityKey, http, publisher.Renew)));
        operators.MapPost("/compromises", (ApprovedOrder papers, HttpContext http) => Take(() =>
            Act<CompromiseOrder, CompromiseReport>(room, papers, Duties.DeclareCompromise, http, publisher.Declare)));
        operators.MapPost("/other-revocations", (ApprovedOrder papers, HttpContext http) => Take(() =>
            Act<OtherRevocation, OtherRevocationAnswer>(
                room, papers, Duties.RevokeOtherCertificate, http,
                approved => OtherCertificates.Revoke(room, approved))));
        operators.MapPost("/admission-endings", (ApprovedOrder papers, HttpContext http) => Take(() =>
            Act<AdmissionEnding, AdmissionEnded>(
                room, papers, Duties.EndAdmissions, http, approved => VerifierCertificates.End(room, approved))));
        operators.MapPost("/officer-renewals", (OfficerRenewalRequest asked, HttpContext http) => Take(() =>
            InnerRenewals.Renew(room, asked, Caller.Of(http)!)));
        operators.MapPost("/officers", (OfficerCertificateRequest asked, HttpContext http) => Take(() =>
            OfficerCertificates.Issue(room, asked, Caller.Of(http)!)));
    }

    /// <summary>Refusals of the papers themselves are logged here, those of the act where it is done.</summary>
    internal static async Task<Outcome<TAnswer>> Act<TOrder, TAnswer>(
        AuthorityRoom room, ApprovedOrder papers, Duty duty, HttpContext http,
        Func<Approved<TOrder>, Task<Outcome<TAnswer>>> act) where TOrder : class where TAnswer : class
    {
        var controlRoom = Caller.Of(http)!;
        if (!Approvals.Prove<TOrder>(papers, duty, controlRoom, room.Now).IsRefused(out var refusal, out var approved))
            return await act(approved);
        await room.Record(new(
            $"{duty.Name} refused", room.Now, refusal.Clause.ToString(), controlRoom.Id, refusal.Reason));
        return refusal;
    }

    /// <summary>
    /// A key that cannot sign is no fault of who asks: he may ask again later. The log tells operators more than him.
    /// </summary>
    private static async ValueTask<object?> Signing(
        AuthorityRoom room, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (HsmException e)
        {
            await room.Note(e);
            return Answers.Unavailable(
                "埼玉県知事の鍵が使えない状態です。活性化されるまで待って再送してください（活性化: 運用規程 6-2-1-7）。 "
                + "The governor's key cannot sign now. Send this again when it has been activated; "
                + "operators see why in the control room's report.");
        }
    }

    private static RouteGroupBuilder Only(this RouteGroupBuilder group, CallerRole role)
    {
        group.AddEndpointFilterFactory((_, next) => context => Caller.Only(role, next)(context));
        return group;
    }

    /// <summary>Bad bytes inside a well-formed request: one clear answer. A refusal is an answer too.</summary>
    internal static async Task<IResult> Take<T>(Func<Task<Outcome<T>>> act) where T : class
    {
        try
        {
            return Answers.Of(await act());
        }
        catch (Exception e) when (e is AsnContentException or JsonException or FormatException)
        {
            return Answers.Malformed(e.Message);
        }
    }

    private static async Task Feed(AuthorityRoom room, long after, HttpContext http)
    {
        http.Response.ContentType = "application/octet-stream";
        try
        {
            await room.Feed.Serve(Math.Max(0, after), http.Response.Body, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The follower hung up: that is how a feed ends.
        }
    }

    private static Outcome<CertificateReport> Find(AuthorityRoom room, string serial) =>
        room.Keys.KeyOf(serial) is { } key && room.Store.Read(db => Books.Find(db, key)) is { } row
            ? new CertificateReport
            {
                Serial = serial,
                State = row.Stage.ToString(),
                Municipality = row.Municipality,
                NotAfter = DateTimeOffset.FromUnixTimeSeconds(row.NotAfter),
                Reason = row.WhyRevoked,
                RevokedAt = row.RevokedAt is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : null,
            }
            : RevocationPolicy.NotIssuedHere;

    internal static AuthorityReport Report(AuthorityRoom room, Publisher publisher)
    {
        var run = room.Crls.LastRun;
        var (issued, revoked) = room.Store.Read(db => Tally.Of(db, CertificateKind.Resident));
        var health = room.Health;
        return new()
        {
            LastRun = run is null ? null : new(
                run.Number, run.ThisUpdateAt, run.NextUpdateAt,
                run.PublishedAt is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : null),
            NextRunDueAt = room.Crls.DueAt,
            PublishingTrouble = publisher.Trouble,
            LogIsWell = health.IsWell,
            LogSize = health.LogSize,
            FeedPosition = room.Feed.Position,
            Hsm = room.HsmState,
            Now = room.Now,
            Generation = room.Keys.Generations[^1].Number,
            Issued = issued,
            Revoked = revoked,
        };
    }
}
