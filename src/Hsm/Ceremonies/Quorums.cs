using System.Collections.Immutable;
using Jpki.Cps;
using Jpki.Hsm.Quorum;

namespace Jpki.Hsm.Ceremonies;

/// <summary>The people at the table, and the acts they are quorum for. Each is asked once, when first needed.</summary>
internal sealed class Quorums(CeremonyFile file, CeremonyTable table) : IDisposable
{
    private readonly Attempts attempts = Attempts.Of(file.Custody);
    private readonly Dictionary<(string Id, bool IsPin), string> secrets = [];
    private readonly Dictionary<string, string> cards = [];
    private ImmutableArray<CustodianSeat> custodians = file.Custodians;
    private Activation? quorum;
    private bool operatorsIn;

    /// <summary>Lets somebody show by his password, and his card if he has one, that he is here. (CPS 5-2-3)</summary>
    public Refusal? Admit(Seat seat, string japanese, string english, Clause clause)
    {
        if (attempts.ObjectionTo(seat.Id) is { } locked)
            return locked;
        var password = table.Ask(new(seat.Id, japanese, english, IsNew: false));
        try
        {
            return attempts.Try<Seat>(seat.Id, isPin: false, () => PasswordHash.Verify(password, seat.Password)
                    ? seat
                    : new Refusal("5-2-3", $"wrong password of {seat.Id} ({clause})")).Refusal
                ?? (seat.Card is { } card ? Show(seat.Id, card) : null);
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
        "unlock" => Unlock(step.Person!),
        "selfTest" => With(q => Test(q, reached)),
        _ => throw new ArgumentException($"there is no act {step.Act}"),
    };

    public void Dispose() => quorum?.Dispose();

    private Refusal? Establish(CeremonyStep step)
    {
        if (custodians.FirstOrDefault(c => !c.IsPresent) is { } absent)
            return new("6-2-1-2", $"{absent.Id} is not present; each custodian takes his share himself");
        return ShowAll(custodians)
            ?? Custody.Establish(
                file.Custody, Folders(custodians), step.Threshold!.Value, Secrets(custodians), table.Random).Refusal;
    }

    /// <summary>The manager has instructed it, and the log has it, like every step.</summary>
    private Refusal? Unlock(string person)
    {
        attempts.Unlock(person);
        return null;
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
            if (Open(seat, custody.Record.Set.Id).IsRefused(out var no, out var share))
                return no;
            shares.Add(share);
        }
        return custody.Activate(shares);
    }

    private Outcome<Share> Open(CustodianSeat seat, string set)
    {
        if (attempts.ObjectionTo(seat.Id) is { } locked)
            return locked;
        var secret = Secret(seat);
        var path = ShareFile.PathOf(seat.Folder, seat.Id, set);
        var opened = attempts.Try(seat.Id, seat.Card is not null, () => ShareFile.Open(path, secret, seat.Card));
        if (opened.IsRefused(out var no, out var share))
            return no;
        if (share.Custodian != seat.Id)
            return new Refusal("5-2-2①", $"{seat.Id} has brought the share of {share.Custodian}");
        return share.Card is { } card && Claim(seat.Id, card) is { } taken ? taken : share;
    }

    private Refusal? Renew(Activation present, CeremonyStep step, Action<string> reached)
    {
        var former = Custody.Open(file.Custody)!.Record.Set.Id;
        var next = step.Custodians!.Value;
        var no = ShowAll(next)
            ?? Renewal.Renew(present, Folders(next), step.Threshold!.Value, Secrets(next), table.Random, reached);
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

    /// <summary>New shares go under cards that have just shown themselves; their owners' tries are counted.</summary>
    private Refusal? ShowAll(ImmutableArray<CustodianSeat> seats) => seats
        .Where(s => s.Card is not null).Select(s => Show(s.Id, s.Card!)).FirstOrDefault(no => no is not null);

    /// <summary>Lets somebody show that his card is here and that he knows its PIN.</summary>
    private Refusal? Show(string id, PersonalCard card)
    {
        if (attempts.ObjectionTo(id) is { } locked)
            return locked;
        var pin = Pin(id);
        var wrapped = attempts.Try(id, isPin: true, () => CardKeys.Wrap(card, pin, table.Random));
        return wrapped.IsRefused(out var no, out var shown) ? no : Claim(id, shown.Item2.PublicKey);
    }

    /// <summary>One card is one person, whatever its label says. (CPS 5-2-2①)</summary>
    private Refusal? Claim(string id, string card)
    {
        if (cards.TryAdd(card, id) || cards[card] == id)
            return null;
        return new("5-2-2①", $"{id}'s card is {cards[card]}'s too");
    }

    private string Secret(CustodianSeat seat) => seat.Card is not null ? Pin(seat.Id)
        : Known((seat.Id, IsPin: false), "断片の合言葉", "the passphrase of your share");

    private string Pin(string id) => Known((id, IsPin: true), "カードの PIN", "the PIN of your card");

    /// <summary>Asked once.</summary>
    private string Known((string Id, bool IsPin) what, string japanese, string english)
    {
        if (!secrets.TryGetValue(what, out var known))
            secrets[what] = known = table.Ask(new(what.Id, japanese, english, IsNew: false, what.IsPin));
        return known;
    }

    private Func<string, string> Secrets(ImmutableArray<CustodianSeat> seats) =>
        id => NewSecret(seats.First(s => s.Id == id));

    private string NewSecret(CustodianSeat seat) => seat.Card is not null ? Pin(seat.Id) : secrets[(seat.Id, false)] =
        table.Ask(new(seat.Id, "新しい断片の合言葉（12文字以上）", "a passphrase for your new share (12 characters or more)", true));

    private static ImmutableArray<Custodian> Folders(IEnumerable<CustodianSeat> seats) =>
        [.. seats.Select(s => new Custodian(s.Id, s.Folder, s.Card))];
}
