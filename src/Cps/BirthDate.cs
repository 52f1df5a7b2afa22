namespace Jpki.Cps;

/// <summary>The era written on a certificate: the first digit of its date of birth. 元号</summary>
public enum Era
{
    Unknown = 0,
    Meiji = 1,
    Taisho = 2,
    Showa = 3,
    Heisei = 4,
    Reiwa = 5,
}

/// <summary>
/// A date of birth: the year is Gregorian, the era stands beside it, a part that nobody knows is 0. 生年月日
/// </summary>
public readonly record struct BirthDate(Era Era, int Year, int Month, int Day)
{
    /// <summary>Nine digits EYYYYMMDD: <c>319800217</c> is 17 February 1980, Showa.</summary>
    public string Code => $"{(int)Era}{Year:D4}{Month:D2}{Day:D2}";

    /// <summary>Never the date: it must not reach a log by accident.</summary>
    public override string ToString() => "(date of birth)";
}
