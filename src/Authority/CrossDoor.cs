using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Authority;

/// <summary>What the control room asks about cross certificates. (CPS 4-6 … 4-10)</summary>
internal static class CrossDoor
{
    public static void Map(RouteGroupBuilder operators, AuthorityRoom room, Publisher publisher)
    {
        var cross = operators.MapGroup("/cross");
        cross.MapGet("/application", () => Results.Json(room.Cross.Apply(), FormJson.Options));
        cross.MapGet("/standing", () => Results.Json(room.Cross.Standing(), FormJson.Options));
        cross.MapGet("/refusals", () => Results.Json(room.Store.Read(CrossBooks.Refused), FormJson.Options));
        MapAct<CrossRequest>(cross, "/issues", Duties.IssueCrossCertificate, room.Cross.Issue);
        MapAct<CrossAcceptance>(cross, "/acceptances", Duties.IssueCrossCertificate, room.Cross.Accept);
        cross.MapPost("/receipts", (OfficerOrder<CrossReceipt> filed, CancellationToken stop) => Door.Take(async () =>
        {
            var outcome = await room.Cross.File(filed.Order, filed.Officer);
            await publisher.DoWhatIsDue(stop);
            return outcome;
        }));
        MapAct<CrossRevocation>(cross, "/revocations", Duties.RevokeCrossCertificate, room.Cross.Revoke);

        void MapAct<T>(
            RouteGroupBuilder routes, string path, Duty duty,
            Func<Approved<CrossOrder<T>>, Task<Outcome<CrossAnswer>>> act) =>
            routes.MapPost(path, (ApprovedOrder papers, HttpContext http, CancellationToken stop) => Door.Take(
                () => Door.Act<CrossOrder<T>, CrossAnswer>(room, papers, duty, http, async approved =>
                {
                    var outcome = await act(approved);
                    await publisher.DoWhatIsDue(stop);
                    return outcome;
                })));
    }
}
