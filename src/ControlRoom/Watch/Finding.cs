using Jpki.Cps;

namespace Jpki.ControlRoom.Watch;

/// <summary>How much of a hurry something is; the worst first.</summary>
public enum Level
{
    /// <summary>Something does not work, or will stop within hours.</summary>
    Bad,

    /// <summary>Something is to be done, or to be looked at.</summary>
    Soon,

    Good,
}

/// <summary>One thing that was looked at and how it is. 点検結果</summary>
/// <param name="Level">How much of a hurry.</param>
/// <param name="Clause">Which clause asks for it.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Japanese">How it is.</param>
/// <param name="English">The same.</param>
/// <param name="Next">What to do; null when nothing is.</param>
public sealed record Finding(
    Level Level, Clause Clause, string Subject, string Japanese, string English, string? Next = null);
