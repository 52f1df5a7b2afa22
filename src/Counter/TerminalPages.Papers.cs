using Jpki.Counter.Pages;
using Jpki.Cps;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>A paper that is given or sent to somebody.</summary>
/// <param name="Title">As it is headed.</param>
/// <param name="Clause">Why it is given.</param>
/// <param name="Body">The page's component.</param>
/// <param name="Content">Its parameters.</param>
public sealed record Sheet(string Title, Clause Clause, Type Body, IDictionary<string, object> Content);

/// <summary>What is handed over on paper: as a page to print, and as PDF. 交付書面</summary>
internal sealed partial class TerminalPages
{
    private void MapPapers(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/terminal/papers/{kind}/{id}", Get(async (http, officer) =>
            (await SheetOf(http, officer)).IsRefused(out var refusal, out var sheet)
                ? await ShowRefusal(http, officer, refusal)
                : await Paper.Print<PrintPage>(http, Content(sheet, http.Request.Path + "/pdf", null), false)));
        routes.MapGet("/terminal/papers/{kind}/{id}/pdf", Get(async (http, officer) =>
        {
            if ((await SheetOf(http, officer)).IsRefused(out var refusal, out var sheet))
                return await ShowRefusal(http, officer, refusal);
            var html = await Paper.Html<PrintPage>(http, Content(sheet, null, HouseStyle.Text));
            http.Response.Headers.CacheControl = "no-store";
            return await room.Options.Print(html) is { } pdf
                ? Results.Bytes(pdf, "application/pdf")
                : Results.Redirect(http.Request.Path.Value![..^"/pdf".Length]);
        }));
    }

    private static Dictionary<string, object?> Content(Sheet sheet, string? pdf, string? style) =>
        new() { ["Sheet"] = sheet, ["Pdf"] = pdf, ["Style"] = style };

    private async Task<Outcome<Sheet>> SheetOf(HttpContext http, OfficerOnDuty officer) =>
        http.GetRouteValue("kind") switch
        {
            "copy" => Of(room.Issuance.Papers(officer, Id(http)), delivery => new(
                "電子証明書の写し", "4-3-1", typeof(DeliveryPapers),
                new Dictionary<string, object> { ["Delivery"] = delivery })),
            "fee" => Of(room.Fees.Find(officer, Id(http)), payment => new(
                "領収書", "2-1-3(14)", typeof(FeeReceipt), new Dictionary<string, object>
                {
                    ["Payment"] = payment,
                    ["Payer"] = room.Issuance.Find(officer, payment.ApplicationId).Value!.Form.Attributes.Name,
                })),
            "letter" => LetterSheet(officer, Id(http)),
            "receipt" => Of(room.Revocations.Find(officer, Id(http)), receipt => new(
                ReceiptPaper.HeadingOf(receipt), ReceiptPaper.ClauseOf(receipt), typeof(ReceiptPaper),
                ReceiptContent(officer, receipt))),
            "answer" => await AnswerSheet(officer, Id(http)),
            "closing" => ClosingSheet(officer, Id(http)),
            _ => new Refusal("4-3-1", "この書面はありません。"),
        };

    private Outcome<Sheet> LetterSheet(OfficerOnDuty officer, string id) =>
        room.Letters.Find(officer, id).IsRefused(out var refusal, out var letter)
        || room.Letters.InquiryAbout(officer, letter.About).IsRefused(out refusal, out var inquiry)
            ? refusal
            : new Sheet("照会書兼回答書", "4-1-1(2)", typeof(InquiryLetter), new Dictionary<string, object>
            {
                ["Letter"] = letter,
                ["Inquiry"] = inquiry,
                ["Today"] = room.Today,
                ["Days"] = room.Options.DaysToReply,
            });

    private async Task<Outcome<Sheet>> AnswerSheet(OfficerOnDuty officer, string id)
    {
        if (room.Requests.Find(officer, id).IsRefused(out var refusal, out var request))
            return refusal;
        if (request.AnsweredAt is null)
            return new Refusal(RequestDesk.ClauseOf(request.Kind), "この請求には、まだ回答していません。");
        Dictionary<string, object> content = new() { ["Request"] = request };
        if (request.ResidentId is { } resident)
            content["Holder"] = NameOf(officer, resident);
        if (request.State == RequestState.Done && await room.Requests.Disclose(officer, request) is { } disclosure)
            content["Disclosure"] = disclosure;
        return new Sheet(
            $"{Wording.Of(request.Kind)}への回答", RequestDesk.ClauseOf(request.Kind), typeof(RequestAnswerPaper), content);
    }

    /// <summary>With the holder's name, where the register still knows it.</summary>
    private Dictionary<string, object> ReceiptContent(OfficerOnDuty officer, Receipt receipt)
    {
        Dictionary<string, object> content = new() { ["Receipt"] = receipt };
        if (room.Revocations.FindCertificate(officer, receipt.Serial).Value is { ResidentId.Length: > 0 } certificate)
            content["Holder"] = NameOf(officer, certificate.ResidentId);
        return content;
    }

    private string NameOf(OfficerOnDuty officer, string resident) =>
        room.Register.Find(resident, officer.Municipality)?.Attributes.Name ?? "";

    private Outcome<Sheet> ClosingSheet(OfficerOnDuty officer, string id) =>
        TerminalForms.Day(id) is { } day && room.Fees.Day(officer, day) is { Closing: not null } closed
            ? new Sheet(
                "手数料日計表", "2-1-3(14)", typeof(ClosingPaper), new Dictionary<string, object> { ["Day"] = closed })
            : new Refusal("2-1-3(14)", "この日の日計は、まだ締められていません。");

    private static Outcome<Sheet> Of<T>(Outcome<T> found, Func<T, Sheet> sheet) where T : class =>
        found.IsRefused(out var refusal, out var value) ? refusal : sheet(value);
}
