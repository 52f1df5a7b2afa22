using System.Security.Cryptography;
using Jpki.Counter.Pages;
using Jpki.Cps;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>
/// The key pair device's own screen. Whoever stands at it has no officer's session, only the visit that a one-time code
/// opened. 鍵ペア生成装置 (CPS 4-1-1③, 6-1-2)
/// </summary>
internal sealed class DevicePages
{
    private static readonly FieldError WrongCode = new("code", "引継ぎ番号が違うか、期限が切れています。職員にお尋ねください。")
    {
        Clause = "5-1-2-2",
    };

    private readonly CounterRoom room;

    private DevicePages(CounterRoom room) => this.room = room;

    public static void Map(IEndpointRouteBuilder routes, CounterRoom room)
    {
        DevicePages pages = new(room);
        routes.MapGet("/device", (Delegate)((HttpContext http) =>
        {
            room.Greet(http);
            return Show<DeviceStartPage>(http, Frame(http, "引継ぎ番号の入力"), []);
        }));
        routes.MapPost("/device", (Delegate)pages.Start);
        routes.MapGet("/device/password", (Delegate)((HttpContext http) =>
            pages.ShowForm(http, Frame(http, ""), TypedFields.None)));
        routes.MapPost("/device/password", (Delegate)pages.TakePassword);
        routes.MapPost("/device/end", (Delegate)(async (HttpContext http) =>
        {
            if (await Read(http) is not null)
                await pages.Leave(http);
            return Results.Redirect("/device");
        }));
    }

    private async Task<IResult> Start(HttpContext http)
    {
        if (await Read(http) is not { } typed)
            return Results.Redirect("/device");
        if (await room.HandOvers.Take(typed["code"]) is not { } token)
            return await Show<DeviceStartPage>(http, Frame(http, "引継ぎ番号の入力") with { Errors = [WrongCode] }, []);
        Visitor.RememberAtDevice(http, token);
        return Results.Redirect("/device/password");
    }

    private async Task<IResult> TakePassword(HttpContext http)
    {
        if (await Read(http) is not { } typed || Visit(http) is not { } visit)
            return Results.Redirect("/device");
        var (refusal, digest) = visit.Task == DeviceTask.ResetPassword
            ? await Reset(visit, typed) : await MakeKeyPair(visit, typed);
        if (refusal is not null)
        {
            var frame = Frame(http, "");
            return await ShowForm(http, refusal.Field is { } field
                ? frame with { Errors = [new(field, refusal.Reason) { Clause = refusal.Clause }] }
                : frame with { Refusal = refusal }, typed);
        }
        await Leave(http);
        return await Show<DeviceDonePage>(http, Frame(http, "終わりました"), new() { ["Digest"] = digest });
    }

    private async Task<(Refusal?, string?)> Reset(DeviceVisit visit, TypedFields typed) =>
        ((await room.Requests.ResetPassword(visit, typed.Exactly("password"), typed.Exactly("passwordAgain"))).Refusal,
            null);

    private async Task<(Refusal?, string?)> MakeKeyPair(DeviceVisit visit, TypedFields typed)
    {
        var made = await room.Issuance.MakeKeyPair(
            visit, TerminalForms.KeyKindOf(typed), typed.Exactly("password"), typed.Exactly("passwordAgain"));
        return made.IsRefused(out var refusal, out var application)
            ? (refusal, null) : (null, DigestOf(application));
    }

    /// <summary>What the officer's side gets too, so that both can be compared.</summary>
    internal static string DigestOf(IssuanceApplication application) => Convert.ToHexString(SHA256.HashData(
        CertificationRequest.Read(application.CertificationRequest).PublicKey.Der.Span));

    private async Task<IResult> ShowForm(HttpContext http, PageFrame frame, TypedFields typed)
    {
        if (Visit(http) is not { } visit || HolderOf(visit) is not { } holder)
            return Results.Redirect("/device");
        var isReset = visit.Task == DeviceTask.ResetPassword;
        return await Show<DevicePasswordPage>(
            http, frame with { Title = isReset ? "パスワードの初期化" : "鍵ペアの生成" }, new()
            {
                ["About"] = visit.About,
                ["Holder"] = holder,
                ["IsReset"] = isReset,
                ["Kind"] = typed["keyKind"],
                ["KeyKinds"] = TerminalPages.KeyKinds(room.Options),
            });
    }

    private string? HolderOf(DeviceVisit visit)
    {
        var officer = visit.SentBy;
        var resident = visit.Task == DeviceTask.ResetPassword
            ? room.Requests.Find(officer, visit.About).Value?.ResidentId
            : room.Issuance.Find(officer, visit.About).Value?.ResidentId;
        return resident is null ? null : room.Register.Find(resident, officer.Municipality)?.Attributes.Name;
    }

    private DeviceVisit? Visit(HttpContext http) =>
        Visitor.DeviceToken(http) is { Length: > 0 and <= 128 } token ? room.HandOvers.Find(token) : null;

    private async Task Leave(HttpContext http)
    {
        if (Visitor.DeviceToken(http) is { } token)
            await room.HandOvers.End(token);
        Visitor.ForgetAtDevice(http);
    }

    private static PageFrame Frame(HttpContext http, string title) =>
        new() { Title = title, FormToken = Visitor.DeviceFormToken(http) };

    private static Task<IResult> Show<T>(HttpContext http, PageFrame frame, Dictionary<string, object?> content)
        where T : IComponent
    {
        content["Page"] = frame;
        return Paper.Print<T>(http, content, frame.Refusal is not null || frame.Errors.Count > 0);
    }

    private static async Task<TypedFields?> Read(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
            return null;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return Visitor.SentFromTheDevice(http, form)
            ? new(form.ToDictionary(f => f.Key, f => f.Value.ToString())) : null;
    }
}
