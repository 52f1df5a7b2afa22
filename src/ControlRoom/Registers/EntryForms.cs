using Jpki.ControlRoom.Pages;
using Jpki.ControlRoom.Registers.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Http;

namespace Jpki.ControlRoom.Registers;

/// <summary>The forms in which entries are written; each is drawn from its register's definition.</summary>
internal sealed class EntryForms(RegisterOffice office)
{
    /// <summary>An empty form; what the address says is filled in already.</summary>
    public Task<IResult> New(Visit visit, Register register) => Task.FromResult(Show(
        visit, register, EntryKind.First, office.NewFormKey(), new()
        {
            Date = FieldReading.Iso(office.Desk.Today),
            Fields = register.Fields.ToDictionary(f => f.Name, f => visit.Http.Request.Query[f.Name].ToString()),
        }));

    public Task<IResult> Write(Visit visit, Register register) => Put(visit, register, EntryKind.First);

    /// <summary>The form begins with what stands now.</summary>
    public Task<IResult> NewCorrection(Visit visit, Register register) =>
        Begin(visit, register, EntryKind.Correction, chain => chain.Current is not { } now ? new() : new()
        {
            Date = FieldReading.Iso(now.Dated),
            Place = now.Place ?? "",
            Due = chain.Due is { } due ? FieldReading.Iso(due) : now.Due is { } was ? FieldReading.Iso(was) : "",
            Fields = now.Fields.ToDictionary(f => f.Name, f => f.Value),
        });

    public Task<IResult> Correct(Visit visit, Register register) => Put(visit, register, EntryKind.Correction);

    public Task<IResult> NewFollowUp(Visit visit, Register register) =>
        Begin(visit, register, EntryKind.FollowUp, chain => new()
        {
            Date = FieldReading.Iso(office.Desk.Today),
            Due = chain.Due is { } due ? FieldReading.Iso(due) : "",
        });

    public Task<IResult> FollowUp(Visit visit, Register register) => Put(visit, register, EntryKind.FollowUp);

    private static IResult Show(
        Visit visit, Register register, EntryKind kind, string key, EntryDraft draft,
        IReadOnlyList<FieldTrouble>? troubles = null, Refusal? refusal = null)
    {
        refusal ??= register.ObjectionToWriting(visit.Officer.Roles);
        return PageDoor.Show<EntryFormPage>(
            visit.Http, PageDoor.Frame(visit, $"{register.Japanese} {CsvExport.Name(kind)}", register.English) with
            {
                Refusal = troubles is { Count: > 0 }
                    ? new(register.Clause, $"記入内容を確かめてください（{troubles.Count} 件）。 Please check what you wrote.")
                    : refusal,
            },
            ("Register", register), ("Kind", kind), ("Key", key), ("Draft", draft), ("Troubles", troubles ?? []));
    }

    private static Refusal? Objection(Register register, EntryKind kind) =>
        kind == EntryKind.FollowUp && register.FollowUp is null
            ? new(register.Clause, $"{register.Japanese}に対応の記入はありません。")
            : null;

    private async Task<IResult> Begin(
        Visit visit, Register register, EntryKind kind, Func<EntryChain, EntryDraft> begin) =>
        Objection(register, kind) is { } objection
            ? PageDoor.Refused(visit, objection)
            : (await office.Desk.Find(visit.Officer, register, visit.Route("number")))
                .IsRefused(out var no, out var chain)
                ? PageDoor.Refused(visit, no)
                : Show(visit, register, kind, office.NewFormKey(), begin(chain));

    private async Task<IResult> Put(Visit visit, Register register, EntryKind kind)
    {
        if (Objection(register, kind) is { } objection)
            return PageDoor.Refused(visit, objection);
        var (draft, key) = (await DraftOf(visit, register, kind), visit["key"]);
        var (entry, troubles) = EntryRules.Check(register, kind, draft, office.Desk.Today);
        if (entry is null)
            return Show(visit, register, kind, key, draft, troubles);
        var written = kind == EntryKind.First
            ? await office.Desk.Write(visit.Officer, entry, key)
            : await office.Desk.Continue(visit.Officer, entry, visit.Route("number"), key);
        return written.IsRefused(out var refusal, out var done)
            ? Show(visit, register, kind, key, draft, refusal: refusal)
            : new SeeOther($"/registers/{register.Series}/{done.First}");
    }

    private static async Task<EntryDraft> DraftOf(Visit visit, Register register, EntryKind kind) => new()
    {
        Date = visit["date"],
        Place = visit["place"],
        Due = visit["due"],
        Reason = visit["reason"],
        Closes = visit["closes"] == "true",
        Fields = (kind == EntryKind.FollowUp ? register.FollowUp!.Fields : register.Fields)
            .ToDictionary(f => f.Name, f => visit[f.Name]),
        File = visit.Typed.Files.GetFile("file") is { Length: > 0 } file
            ? new(file.FileName, file.Length > AttachedFile.MostOctets ? default : await Visit.Octets(file))
            : null,
    };

    /// <summary>After a form: the browser fetches the next page, and reloading it sends nothing again.</summary>
    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (StatusCodes.Status303SeeOther, path);
            return Task.CompletedTask;
        }
    }
}
