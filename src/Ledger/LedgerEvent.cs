namespace Jpki.Ledger;

/// <summary>
/// One thing that happened: its kind, when, how it ended and who or what caused it (CPS 4-11-2), and what it was about
/// (a serial number, a file; never personal data). 監査ログに記録する情報
/// </summary>
public sealed record LedgerEvent(string What, DateTimeOffset At, string Result, string Source, string? About = null);
