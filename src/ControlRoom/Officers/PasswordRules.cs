using Jpki.Cps;

namespace Jpki.ControlRoom.Officers;

/// <summary>Which passwords an officer may choose. (CPS 5-2-3)</summary>
public static class PasswordRules
{
    public const int Shortest = 12;
    public const int Longest = 200;

    /// <summary>How many former passwords may not come back.</summary>
    public const int Remembered = 5;

    /// <summary>Null when the password may be chosen, its history aside.</summary>
    public static Refusal? Objection(string id, string password, string again) =>
        password.Length < Shortest ? Refused($"パスワードは {Shortest} 文字以上にしてください。")
        : password.Length > Longest ? Refused($"パスワードは {Longest} 文字以下にしてください。")
        : password.Any(char.IsControl) ? Refused("パスワードに使えない文字（制御文字）があります。")
        : password.Contains(id, StringComparison.OrdinalIgnoreCase) ? Refused("パスワードに自分の ID を含めないでください。")
        : password.Distinct().Count() < 5 ? Refused("同じ文字の繰り返しは使えません。5 種類以上の文字を使ってください。")
        : password != again ? Refused("2 回の入力が一致しません。") with { Field = "again" }
        : null;

    internal static Refusal Refused(string reason) => new("5-2-3", reason) { Field = "password" };
}
