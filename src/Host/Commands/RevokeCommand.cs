using System.CommandLine;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Host.Commands;

/// <summary>
/// <c>jpki sandbox revoke</c>: through the door that the reason belongs to. A holder's reasons go to the counter on
/// paper, a change of the four attributes comes from the resident register, the rest is the Authority's own.
/// </summary>
internal static class RevokeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Option<string> Serial =
        new("--serial") { Description = "シリアル番号（16 進） / hexadecimal", Required = true };

    private static readonly Option<string> Reason =
        new Option<string>("--reason") { Description = "失効事由 / one of the five reasons", Required = true }
        .AcceptOnlyFromAmong([.. Enum.GetValues<RevocationReason>().Select(r => r.ToStandardName())]);

    public static Command Create()
    {
        Command revoke = new("revoke", "電子証明書を失効させる / revoke a certificate") { DataOption.Data, Serial, Reason };
        revoke.SetAction(Run);
        return revoke;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
        var serial = parsed.GetValue(Serial)!.ToUpperInvariant();
        var reason = RevocationReasons.Parse(parsed.GetValue(Reason)!)!.Value;
        ConsoleVisit console = new(sandbox);
        var known = await Find(console, serial);
        if (known.Reason is { } earlier)
        {
            throw new RefusedException(
                new("4-4-2-4", $"already revoked ({earlier.ToStandardName()}), and a revocation is never taken back"));
        }

        await (reason switch
        {
            RevocationReason.KeyCompromise or RevocationReason.CessationOfOperation =>
                AtTheCounter(sandbox, known, reason),
            RevocationReason.AffiliationChanged => ByTheRegister(sandbox, known),
            _ => ByTheAuthority(console, serial, reason),
        });
        var ended = await WaitUntilRevoked(console, serial, stop);
        CommandLine.Print(parsed, ended, () => Console.Out.WriteLine(
            $"{serial} を失効しました（{ended.Reason!.Value.ToStandardName()}）。 revoked {ended.RevokedAt:u}"));
        return ExitCode.Done;
    }

    private static Task<CertificateReport> Find(ConsoleVisit console, string serial) =>
        console.Get<CertificateReport>(Duties.WatchTheSystem, $"api/certificates/{Uri.EscapeDataString(serial)}");

    /// <summary>The holder comes with paper and identity document. (CPS 3-4, 4-4-2)</summary>
    private static async Task AtTheCounter(
        SandboxClient sandbox, CertificateReport certificate, RevocationReason reason)
    {
        var (counter, resident, today) = await Visit(sandbox, certificate);
        await counter.Post<Receipt>("revocations", new RevocationForm
        {
            Person = CounterVisit.FormOf(resident, today),
            Reason = reason,
            Serial = certificate.Serial,
            Identity = CounterVisit.Evidence(today),
        });
    }

    /// <summary>
    /// The holder moves within the municipality, so the certificate no longer says what is so. (CPS 4-4-1-1)
    /// </summary>
    private static async Task ByTheRegister(SandboxClient sandbox, CertificateReport certificate)
    {
        var (counter, resident, _) = await Visit(sandbox, certificate);
        await counter.Post<RegisterEntryAnswer>("register-events", new RegisterEntry
        {
            ResidentId = resident.Id,
            Event = RegisterEventKind.AttributesChanged,
            Attributes = resident.Attributes with { Address = resident.Attributes.Address + "－９" },
        });
    }

    private static Task<string> ByTheAuthority(ConsoleVisit console, string serial, RevocationReason reason) =>
        console.Do(Duties.RevokeExOfficio, "revocation", new ExOfficioRevocation
        {
            NoticeId = $"X{ConsoleVisit.NewId()}",
            Serial = serial,
            Reason = reason,
        });

    private static async Task<(CounterVisit Counter, Resident Resident, DateOnly Today)> Visit(
        SandboxClient sandbox, CertificateReport certificate)
    {
        var counter = await CounterVisit.LogIn(sandbox, certificate.Municipality!);
        var issued = await counter.Get<HeldCertificate>($"certificates/{certificate.Serial}");
        var resident = await counter.Get<Resident>($"residents/{issued.ResidentId}");
        return (counter, resident, JapanTime.DayOf(await sandbox.Now()));
    }

    /// <summary>The counter's outbox may need a moment to reach the Authority.</summary>
    private static async Task<CertificateReport> WaitUntilRevoked(
        ConsoleVisit console, string serial, CancellationToken stop)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        while (true)
        {
            var report = await Find(console, serial);
            if (report.Reason is not null)
                return report;
            await Task.Delay(100, patience.Token);
        }
    }
}
