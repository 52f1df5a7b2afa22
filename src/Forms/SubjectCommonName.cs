using System.Globalization;
using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>
/// The CN of a resident's subject: 28 characters without a word about the person, unique because a terminal numbers
/// what it asks for. yyyyMMddHHmmss in Japan, five digits of sequence, five of the municipality, four of the terminal.
/// 名称の一意性 (CPS 3-1-4)
/// </summary>
public static class SubjectCommonName
{
    public const int Length = 28;

    /// <summary>The terminal's numbers go round, but not within a second.</summary>
    public const int Sequences = 100_000;

    private const string TimeFormat = "yyyyMMddHHmmss";
    private const int Digits = 19;

    /// <param name="at">When it is asked for.</param>
    /// <param name="sequence">The terminal's next number, below <see cref="Sequences"/>.</param>
    /// <param name="terminal">Nine characters: municipality and terminal.</param>
    public static string Of(DateTimeOffset at, int sequence, string terminal) => string.Create(
        CultureInfo.InvariantCulture, $"{at.ToOffset(JapanTime.Offset):yyyyMMddHHmmss}{sequence:D5}{terminal}");

    /// <summary>Null when it is a name that this terminal gives.</summary>
    public static Refusal? Objection(string name, string terminal) =>
        name.Length == Length
        && name[..Digits].All(char.IsAsciiDigit)
        && DateTimeOffset.TryParseExact(
            name[..TimeFormat.Length], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
        && name[Digits..] == terminal
            ? null
            : new("3-1-1", "the subject's CN is not 14 digits of a time, 5 of sequence and the terminal's 9 characters")
            {
                Field = "subjectCommonName",
            };
}
