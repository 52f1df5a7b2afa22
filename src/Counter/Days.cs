using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>Days of business, in Japan.</summary>
internal static class Days
{
    public static DateTimeOffset Start(DateOnly day) =>
        new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), JapanTime.Offset).ToUniversalTime();
}
