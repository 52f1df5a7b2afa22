using System.Text.RegularExpressions;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Officers;

/// <summary>Who may be registered as an officer, and with which roles. (CPS 5-2-1, 5-2-2①)</summary>
public static partial class RegistrationRules
{
    /// <summary>Null when nothing in the paper itself stands against it.</summary>
    public static Refusal? Objection(OfficerRegistration registration) =>
        !Id().IsMatch(registration.Id) ? Refused("id", "ID は英数字とハイフン 5～32 文字です。")
        : !Id().IsMatch(registration.StaffNumber) ? Refused("staffNumber", "職員番号は英数字とハイフン 5～32 文字です。")
        : registration.Name.Trim() is not { Length: > 0 and <= 60 } name || name.Any(char.IsControl)
            ? Refused("name", "氏名は 1～60 文字です。")
        : registration.Roles.IsEmpty ? Refused("roles", "役割を一つ以上選んでください。")
        : registration.Roles.Distinct().Count() < registration.Roles.Length
            || registration.Roles.Any(r => !Enum.IsDefined(r)) ? Refused("roles", "役割が正しくありません。")
        : registration.Roles.Contains(Role.CounterOfficer)
            ? new("5-2-1-2", "市町村の職員は窓口で登録します。") { Field = "roles" }
        : Separation.Objection(registration.Roles) is { } conflict ? conflict with { Field = "roles" }
        : null;

    internal static Refusal SamePerson(string holder) =>
        new("5-2-2①", $"この職員番号は {holder} のものです。1 人は 1 人の要員です。 The same person twice is one person.")
        {
            Field = "staffNumber",
        };

    private static Refusal Refused(string field, string reason) => new("5-2-2③", reason) { Field = field };

    [GeneratedRegex("^[0-9A-Za-z-]{5,32}$")]
    private static partial Regex Id();
}
