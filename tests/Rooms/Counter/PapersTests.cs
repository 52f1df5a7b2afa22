using System.Text;
using System.Text.RegularExpressions;
using Jpki.Counter;
using Jpki.Counter.Pages;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host.Commands;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>Every paper of the counter as PDF, as Poppler and qpdf read it, who did not make it.</summary>
public sealed partial class PapersTests : IAsyncLifetime
{
    private readonly ScratchFolder folder = new();
    private CounterDoor door = null!;

    private CounterHouse House => door.House;

    private CounterRoom Room => door.House.Room;

    public async ValueTask InitializeAsync()
    {
        door = await CounterDoor.Open(choose: options => options with { Print = Printer.Pdf });
        await door.LogInByPage();
        await door.LogIn();
    }

    public async ValueTask DisposeAsync()
    {
        await door.DisposeAsync();
        folder.Dispose();
    }

    [Fact, Cps("4-3-1"), Cps("4-3-2"), Cps("2-1-3(14)")]
    public async Task A_holder_takes_home_a_copy_of_the_certificate_and_a_receipt_for_the_fee()
    {
        var issued = await House.UpTo(ApplicationState.Delivered);
        var payment = Room.Issuance.PaymentOf(House.Officer, issued.Id)!;
        var name = House.Somebody().Attributes.Name;

        await Reads("copy", issued.Id, name, issued.Serial!, "厳重に管理", "運用規程4-3-1");
        await Reads("fee", payment.Id, name, payment.Id, "500円", "川越市", "運用規程2-1-3(14)", "1/1");
    }

    [Fact, Cps("4-1-1(2)"), Cps("4-4-2-2"), Cps("4-4-2-3")]
    public async Task A_revocation_is_inquired_about_accepted_and_completed_on_paper()
    {
        var issued = await House.UpTo(ApplicationState.Delivered);
        var name = House.Somebody().Attributes.Name;
        RevocationForm paper = new()
        {
            Person = DeviceTests.WithAgent(CounterHouse.FormOf(House.Somebody())),
            Reason = RevocationReason.KeyCompromise,
        };

        var receipt = CounterHouse.Done(await Room.Revocations.Take(House.Officer, paper));
        var letter = CounterHouse.Done(await Room.Letters.Make(House.Officer, receipt.Id));
        await Reads("receipt", receipt.Id, name, receipt.Id, "代理　見本", "照会中", "運用規程3-1-10");
        await Reads("letter", letter.Id, name, letter.Id, "失効の申請", "委任しました", "運用規程4-1-1(2)", "1/1");
        CounterHouse.Done(await Room.Letters.Send(House.Officer, letter.Id, new(new(2026, 11, 24))));
        CounterHouse.Done(await Room.Letters.Answer(
            House.Officer, letter.Id, new(LetterState.Confirmed, new(2026, 11, 24))));
        CounterHouse.Done(await Room.Revocations.Prove(House.Officer, receipt.Id, DeviceTests.AgentsPapers));

        await Reads("receipt", receipt.Id, name, issued.Serial!, "完了しました", "運用規程4-4-2-3");
    }

    [Fact, Cps("2-8-6"), Cps("4-15"), Cps("2-1-3(14)")]
    public async Task Answers_and_the_days_closing_are_papers_too()
    {
        var issued = await House.UpTo(ApplicationState.Delivered);
        var name = House.Somebody().Attributes.Name;
        var disclosure = CounterHouse.Done(await Room.Requests.Take(House.Officer, new()
        {
            Kind = RequestKind.Disclosure,
            Person = CounterHouse.FormOf(House.Somebody()),
            Identity = CounterHouse.Licence,
        }));
        var complaint = CounterHouse.Done(await Room.Requests.Take(
            House.Officer, new() { Kind = RequestKind.Complaint, Text = "待ち時間が長い。" }));
        CounterHouse.Done(await Room.Requests.Answer(House.Officer, disclosure.Id, new(true, "開示します。")));
        CounterHouse.Done(await Room.Requests.Answer(House.Officer, complaint.Id, new(true, "窓口を増やします。")));
        CounterHouse.Done(await Room.Fees.Close(House.Officer, new(400, "釣銭の渡し間違い")));

        await Reads("answer", disclosure.Id, name, disclosure.Id, issued.Serial!, "開示します", "運用規程2-8-6");
        await Reads("answer", complaint.Id, complaint.Id, "窓口を増やします", "運用規程4-15");
        await Reads("closing", "2026-11-24", "500円", "400円", "釣銭の渡し間違い", "運用規程2-1-3(14)");
    }

    [Fact, Cps("4-4-1-1")]
    public async Task A_death_is_told_of_as_such_and_not_as_an_application()
    {
        var issued = await House.UpTo(ApplicationState.Delivered);
        var entered = CounterHouse.Done(await Room.Events.Enter(
            House.Officer, new() { ResidentId = issued.ResidentId!, Event = RegisterEventKind.Died }));

        var paper = Assert.Single(entered.Ended);

        Assert.Equal("4-4-1-1", ReceiptPaper.ClauseOf(paper).Number);
        await Reads(
            "receipt", paper.Id, "職権失効のお知らせ", "利用者の氏名", issued.Form.Attributes.Name, issued.Serial!,
            "住民票の消除（死亡）", "運用規程4-4-1-1");
    }

    /// <summary>Poppler finds the words and the pages' numbers; qpdf finds no fault; the fonts are in it.</summary>
    private async Task Reads(string kind, string id, params string[] words)
    {
        var octets = await door.Http.GetByteArrayAsync(new Uri($"/terminal/papers/{kind}/{id}/pdf", UriKind.Relative));
        var file = folder.Write($"{kind}-{id}.pdf", octets);
        Picture(file, kind);

        Tool.Run("qpdf", "--check", file).Succeeded();
        var facts = Tool.Run("pdfinfo", file).Succeeded();
        var text = Plain(Tool.Run("pdftotext", "-layout", file, "-").Succeeded().Text);

        Assert.Equal("", facts.Errors);
        Assert.Matches("Title: +\\S", facts.Text);
        Assert.Contains("A4", facts.Text, StringComparison.Ordinal);
        var pages = Pages().Match(facts.Text).Groups[1].Value;
        Assert.All([.. words, $"1/{pages}", $"{pages}/{pages}"], word =>
            Assert.Contains(Plain(word), text, StringComparison.Ordinal));
        var fonts = Tool.Run("pdffonts", file).Succeeded().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.NotEmpty(fonts);
        Assert.All(fonts, font => Assert.Matches(" yes (yes|no) +yes +\\d+ +\\d+$", font));   // embedded, with Unicode
    }

    /// <summary>The first page, for those who want to see it, in artifacts/pictures.</summary>
    private static void Picture(string file, string kind)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(Tests.House.Repo.Root, "artifacts", "pictures")).FullName;
        var name = $"paper-{kind}-{Path.GetFileNameWithoutExtension(file)[(kind.Length + 1)..][..1]}";
        Tool.Run("pdftoppm", "-png", "-r", "80", file, Path.Combine(pictures, name)).Succeeded();
    }

    /// <summary>Where lines break and how wide blanks are is the layout's business; ligatures are the font's.</summary>
    private static string Plain(string text) =>
        string.Concat(text.Where(c => !char.IsWhiteSpace(c))).Normalize(NormalizationForm.FormC);

    [GeneratedRegex("Pages: +(\\d+)")]
    private static partial Regex Pages();
}
