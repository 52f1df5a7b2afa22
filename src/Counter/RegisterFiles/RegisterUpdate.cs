using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter.RegisterFiles;

/// <summary>One file's change of the books, line by line.</summary>
internal sealed class RegisterUpdate(
    StoreTransaction tx, RegisterFile file, RegisterDesk events, string source, DateTimeOffset at)
{
    private readonly List<UnmatchedLine> unmatched = [];

    /// <summary>Everybody, for a full file; a difference asks for the few that it is about.</summary>
    private readonly Dictionary<string, Resident>? everybody = file.IsFull
        ? ResidentRegister.All(tx, file.Municipality.Code5).ToDictionary(r => r.Id)
        : null;

    private int added, changed, removed, ended;

    public RegisterReport Apply()
    {
        foreach (var line in file.Lines)
            Apply(line);
        if (everybody is not null)
            RemoveOthers(everybody.Values);
        return new()
        {
            Municipality = file.Municipality.Code5,
            Number = file.Number,
            Added = added,
            Changed = changed,
            Removed = removed,
            Ended = ended,
            Unmatched = unmatched,
        };
    }

    private void Apply(RegisterLine line)
    {
        var id = line.Resident.Id;
        var person = everybody is null ? ResidentRegister.Find(tx, id) : everybody.GetValueOrDefault(id);
        var isHere = person is { Status: ResidentStatus.Present };
        if (line.Change == RegisterChange.Added && person is null)
            Add(line.Resident);
        else if (line.Change == RegisterChange.Added && (file.IsFull || !isHere))
            Change(person!, line.Resident);
        else if (line.Change == RegisterChange.Added)
            Unmatched(line, "既に記録されている者の追加です。");
        else if (!isHere)
            Unmatched(line, "住民基本台帳に記録されていない者の異動です。");
        else if (line.Change == RegisterChange.Changed)
            Change(person!, line.Resident);
        else
            Remove(person!, line.Change == RegisterChange.Died ? ResidentStatus.Died : ResidentStatus.Left);
    }

    private void Add(Resident resident)
    {
        ResidentRegister.Add(tx, resident);
        added++;
    }

    /// <summary>Also who comes back. Kana and what is not certified end no certificate. (CPS 4-4-1-1)</summary>
    private void Change(Resident before, Resident now)
    {
        if (before == now)
            return;
        ResidentRegister.Update(tx, now);
        changed++;
        if (Matching.Compare(before.Attributes, now.Attributes).Any(c => !c.IsSame))
            ended += events.EndLive(tx, now, RegisterEventKind.AttributesChanged, source);
    }

    private void Remove(Resident resident, ResidentStatus status)
    {
        ResidentRegister.Update(tx, resident with { Status = status });
        removed++;
        var kind = status == ResidentStatus.Died ? RegisterEventKind.Died : RegisterEventKind.Left;
        ended += events.EndLive(tx, resident, kind, source);
    }

    /// <summary>Who is not in a full file is not on the register any more.</summary>
    private void RemoveOthers(IEnumerable<Resident> known)
    {
        var named = file.Lines.Select(l => l.Resident.Id).ToHashSet();
        foreach (var other in known.Where(r => r.Status == ResidentStatus.Present && !named.Contains(r.Id)))
            Remove(other, ResidentStatus.Left);
    }

    private void Unmatched(RegisterLine line, string text)
    {
        unmatched.Add(new(line.Line, line.Resident.Id, text));
        tx.Record(new("register file", at, "unmatched", source, line.Resident.Id));
    }
}
