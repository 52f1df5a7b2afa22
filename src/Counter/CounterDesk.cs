using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>What every act at the counter has at hand: the books, the register, the terminals, the time. 受付窓口</summary>
internal sealed class CounterDesk(
    Store store, IReadOnlyDictionary<string, Terminal> terminals, TimeProvider clock, RandomNumberGenerator random)
{
    private const int IdBytes = 10;

    public Store Store => store;

    public ResidentRegister Register { get; } = new(store, clock);

    public RandomNumberGenerator Random => random;

    public TimeProvider Clock => clock;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The day in Japan.</summary>
    public DateOnly Today => JapanTime.DayOf(Now);

    /// <summary>A kind's letter and 20 hexadecimal digits.</summary>
    public string NewId(string kind)
    {
        var bytes = new byte[IdBytes];
        random.GetBytes(bytes);
        return kind + Convert.ToHexString(bytes);
    }

    /// <summary>Whom on the register a paper means. 実在性の確認 (CPS 3-1-9①)</summary>
    public Outcome<RegisterMatch> Match(OfficerOnDuty officer, ApplicationForm person)
    {
        var written = person.Attributes;
        return RegisterMatch.Of(
            written, Matching.Nearest(written, Register.Candidates(officer.Municipality, written)));
    }

    public Terminal TerminalOf(OfficerOnDuty officer) => TerminalOf(officer.Municipality);

    public Terminal TerminalOf(string municipality) => terminals.TryGetValue(municipality, out var terminal)
        ? terminal
        : throw new InvalidOperationException($"municipality {municipality} has no terminal");
}
