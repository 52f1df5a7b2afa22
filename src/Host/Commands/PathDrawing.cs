using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Host.Commands;

/// <summary>A verdict as people read it: the path from the anchor down, then valid or why not.</summary>
internal static class PathDrawing
{
    private const string ValidWord = "有効 valid";
    private const string InvalidWord = "無効 invalid";

    public static void Write(ValidationAnswer answer, IEnumerable<Certificate> known)
    {
        var names = known.ToLookup(c => Convert.ToHexStringLower(c.Sha256()));
        for (var i = 0; i < answer.Path.Count; i++)
            Console.Out.WriteLine(Line(i, names[answer.Path[i]].First()));
        if (answer.Policies.Count > 0)
            Console.Out.WriteLine($"ポリシ policies: {string.Join(' ', answer.Policies)}");
        Console.Out.WriteLine($"署名検証 signature checks: {answer.SignatureChecks}");
        Console.Out.WriteLine(answer.Valid ? ValidWord : InvalidWord);
        if (answer.Reason is null)
            return;
        Console.Error.WriteLine($"jpki: {InvalidWord}: {answer.Reason}");
        foreach (var tried in answer.Tried)
            Console.Error.WriteLine($"jpki:   試みた also tried: {tried}");
    }

    private static string Line(int depth, Certificate certificate) =>
        $"{(depth == 0 ? "" : new string(' ', 3 * (depth - 1)) + "└─ ")}{certificate.Subject}  "
        + $"[{certificate.Serial}, {certificate.NotBefore:yyyy-MM-dd} – {certificate.NotAfter:yyyy-MM-dd}]";
}
