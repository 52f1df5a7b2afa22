using System.Collections.Immutable;
using Jpki.Cps;
using Jpki.Hsm.Quorum;

namespace Jpki.Hsm.Ceremonies;

/// <summary>The people at the table, and the acts they are quorum for. Each is asked once, when first needed.</summary>
internal sealed class Quorums(CeremonyFile file, CeremonyTable table) : IDisposable
{
    private readonly Dictionary<string, string> passphrases = [];
    private ImmutableArray<CustodianSeat> custodians = file.Custodians;
    private Activation? quorum;
    private bool operatorsIn;

    /// <summary>Lets somebody show by his password that he is here. (CPS 5-2-3)</summary>
    public Refusal? Admit(Seat seat, string japanese, string english, Clause clause)
    {
        var password = table.Ask(new(seat.Id, japanese, english, IsNew: false));
        try
        {
            return PasswordHash.Verify(password, seat.Password)
                ? null
                : new Refusal("5-2-3", $"wrong password of {seat.Id} ({clause})");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return new Refusal("5-2-3", $"{seat.Id}: {e.Message}");
        }
    }

    public Refusal? Take(CeremonyStep step, Action<string> reached) => step.Act switch
    {
        "establish" => Establish(step),
        "activate" or "deactivate" => Operators() ?? With(q => step.Act == "activate"
            ? q.Lay(step.Token!, step.File!)
            : q.Withdraw(step.File!)),
        "initialise" => With(q => TokenActs.Initialise(
            q, new(step.Token!, step.Module!, step.Serial, step.FactorySoPin), reached)),
        "generate" => With(q => KeyActs.Generate(
            q, step.Token!, step.Key!, KeyAlgorithm.Find(step.Algorithm!)!.Key, step.Backup, table.Random, reached)
            .Refusal),
        "restore" => With(q => KeyActs.Restore(q, step.Token!, step.Key!, step.Backup!, reached).Refusal),
        "renew" => With(q => Renew(q, step, reached)),
        "destroy" => With(q => KeyActs.Destroy(q, step.Key!, reached)),
        "retire" => With(q => TokenActs.Retire(q, step.Token!, reached)),
        "selfTest" => With(q => Test(q, reached)),
        _ => throw new ArgumentException($"there is no act {step.Act}"),
    };

    public void Dispose() => quorum?.Dispose();

    private Refusal? Establish(CeremonyStep step)
    {
        if (custodians.FirstOrDefault(c => !c.IsPresent) is { } absent)
            return new("6-2-1-2", $"{absent.Id} is not present; each custodian takes his share himself");
        return Custody.Establish(file.Custody, Folders(custodians), step.Threshold!.Value, NewPassphrase, table.Random)
            .Refusal;
    }

    /// <summary>Decision 0001: the operators' lock is opened before the custodians'. (CPS 5-2-1-1(6))</summary>
    private Refusal? Operators()
    {
        if (operatorsIn)
            return null;
        foreach (var seat in file.SeniorOperators)
        {
            if (Admit(seat, "HSM を開閉する", "you open or close the HSM", "5-2-1-1(6)") is { } no)
                return no;
        }
        operatorsIn = true;
        return null;
    }

    private Refusal? With(Func<Activation, Refusal?> act)
    {
        if (quorum is null)
        {
            if (Join().IsRefused(out var no, out var joined))
                return no;
            quorum = joined;
        }
        return act(quorum);
    }

    private Outcome<Activation> Join()
    {
        if (Custody.Open(file.Custody) is not { } custody)
            return new Refusal("6-4-1-1", $"there is no custody in {file.Custody}; establish it first");
        List<Share> shares = [];
        foreach (var seat in custodians.Where(c => c.IsPresent))
        {
            var path = ShareFile.PathOf(seat.Folder, seat.Id, custody.Record.Set.Id);
            if (ShareFile.Open(path, Passphrase(seat.Id)).IsRefused(out var no, out var share))
                return no;
            shares.Add(share);
        }
        return custody.Activate(shares);
    }

    private Refusal? Renew(Activation present, CeremonyStep step, Action<string> reached)
    {
        var former = Custody.Open(file.Custody)!.Record.Set.Id;
        var next = step.Custodians!.Value;
        var no = Renewal.Renew(
            present, Folders(next), step.Threshold!.Value, NewPassphrase, table.Random, reached);
        if (no is not null)
            return no;
        Renewal.Forget(Folders(custodians), former);
        // What follows is done by the new custodians.
        (custodians, quorum) = (next, null);
        return null;
    }

    private static Refusal? Test(Activation present, Action<string> reached)
    {
        var lines = SelfTest.Run(present);
        foreach (var line in lines)
            reached($"{line.Key} in {line.Token}: {line.Trouble ?? "ok"}");
        return lines.FirstOrDefault(l => l.Trouble is not null) is { } bad
            ? new("4-14-1", $"{bad.Key} in {bad.Token}: {bad.Trouble}")
            : null;
    }

    private string Passphrase(string id)
    {
        if (!passphrases.TryGetValue(id, out var known))
            passphrases[id] = known = table.Ask(new(id, "断片の合言葉", "the passphrase of your share", IsNew: false));
        return known;
    }

    private string NewPassphrase(string id) => passphrases[id] =
        table.Ask(new(id, "新しい断片の合言葉（12文字以上）", "a passphrase for your new share (12 characters or more)", true));

    private static ImmutableArray<Custodian> Folders(IEnumerable<CustodianSeat> seats) =>
        [.. seats.Select(s => new Custodian(s.Id, s.Folder))];
}
