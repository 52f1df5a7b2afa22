using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>Tokens are found by their labels: slot numbers change.</summary>
internal static class Pkcs11Slots
{
    /// <summary>The slots with that token in them, initialised.</summary>
    public static List<(ISlot Slot, ITokenInfo Info)> With(string module, string label) =>
        [.. Initialised(module).Where(s => LabelOf(s.Info) == label)];

    public static List<(ISlot Slot, ITokenInfo Info)> Initialised(string module) =>
        [.. Present(module).Where(s => s.Info.TokenFlags.TokenInitialized)];

    public static List<(ISlot Slot, ITokenInfo Info)> Present(string module) =>
        [.. Pkcs11Modules.Load(module).GetSlotList(SlotsType.WithTokenPresent).Select(s => (s, s.GetTokenInfo()))];

    public static string LabelOf(ITokenInfo info) => info.Label.TrimEnd(' ', '\0');

    public static string SerialOf(ITokenInfo info) => info.SerialNumber.TrimEnd(' ', '\0');

    /// <summary>Exactly one; else an <see cref="HsmException"/> that says what is there instead.</summary>
    public static (ISlot Slot, ITokenInfo Info) Only(string module, string label) => With(module, label) switch
    {
        [var only] => only,
        [] => throw new HsmException($"{module} has no token \"{label}\" (tokens there: "
            + string.Join(", ", Initialised(module).Select(s => $"\"{LabelOf(s.Info)}\"").DefaultIfEmpty("none"))
            + "). Insert or initialise it, or correct token=LABEL"),
        _ => throw new HsmException($"{module} has more than one token \"{label}\"; give each its own label"),
    };
}
