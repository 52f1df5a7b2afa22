using System.Text;
using System.Text.Json;
using Jpki.Forms;

namespace Jpki.Host.Negatives;

/// <summary>What the catalogue says of one case: <c>catalogue.json</c> is a list of these.</summary>
/// <param name="Id">The case's folder, and its id in <c>batch.jsonl</c>.</param>
/// <param name="Ja">What is wrong.</param>
/// <param name="En">The same in English.</param>
/// <param name="Valid">Whether a correct verifier accepts it.</param>
/// <param name="Must">A part of the reason that <c>jpki validate</c> gives.</param>
internal sealed record CatalogueEntry(string Id, string Ja, string En, bool Valid, string? Must);

/// <summary>
/// A folder of wrong certificates, CRLs and OCSP answers for people who test a verifier, with what it must say of each.
/// </summary>
internal static class NegativePack
{
    public static IReadOnlyList<NegativeCase> Catalogue { get; } =
        [.. CertificateNegatives.All, .. CrlNegatives.All, .. OcspNegatives.All];

    /// <summary>Writes the pack. Says what is in it.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="now">The moment that the cases are made for; they expire with the CRLs, three days later.</param>
    public static IReadOnlyList<CatalogueEntry> Write(string folder, DateTimeOffset now)
    {
        using Workshop workshop = new(now);
        var anchor = workshop.Governor.SelfSigned.Der.ToArray();
        File.WriteAllBytes(Path.Combine(folder, "anchor.cer"), anchor);
        using StreamWriter batch = new(Path.Combine(folder, "batch.jsonl"), append: false, new UTF8Encoding(false));
        List<CatalogueEntry> entries = [];
        foreach (var wrong in Catalogue)
        {
            var exhibit = wrong.Make(workshop);
            WriteFiles(Directory.CreateDirectory(Path.Combine(folder, wrong.Id)).FullName, exhibit);
            batch.WriteLine(JsonSerializer.Serialize(Question(wrong.Id, exhibit, anchor, workshop), FormJson.Options));
            entries.Add(new(wrong.Id, wrong.What.Ja, wrong.What.En, wrong.Must is null, wrong.Must));
        }
        File.WriteAllBytes(
            Path.Combine(folder, "catalogue.json"), JsonSerializer.SerializeToUtf8Bytes(entries, FormJson.Indented));
        File.WriteAllText(Path.Combine(folder, "README.md"), Readme(workshop.Now, entries));
        return entries;
    }

    private static void WriteFiles(string folder, Exhibit exhibit)
    {
        File.WriteAllBytes(Path.Combine(folder, "target.cer"), exhibit.Target);
        WriteEach("issuer", "cer", exhibit.Certificates.Select(c => c.Der));
        WriteEach("list", "crl", exhibit.Crls.Select(c => c.Der));
        WriteEach("answer", "ocsp", exhibit.Ocsp.Select(o => (ReadOnlyMemory<byte>)o));

        void WriteEach(string name, string extension, IEnumerable<ReadOnlyMemory<byte>> objects)
        {
            foreach (var (i, der) in objects.Index())
                File.WriteAllBytes(Path.Combine(folder, $"{name}-{i + 1}.{extension}"), der.ToArray());
        }
    }

    private static ValidationRequest Question(string id, Exhibit exhibit, byte[] anchor, Workshop workshop) => new()
    {
        Id = id,
        At = workshop.Now,
        Anchors = [anchor],
        Target = exhibit.Target,
        Certificates = [.. exhibit.Certificates.Select(c => c.Der.ToArray())],
        Crls = [.. exhibit.Crls.Select(c => c.Der.ToArray())],
        Ocsp = exhibit.Ocsp,
        Policies = [Workshop.Names.Policies.Certificates],
        Profile = exhibit.Profile,
    };

    private static string Readme(DateTimeOffset now, IReadOnlyList<CatalogueEntry> entries)
    {
        StringBuilder text = new();
        text.Append($"""
            # 検証者を試すための誤った証明書等 / wrong certificates for testing a verifier

            {now:yyyy-MM-dd HH:mm:ss}Z の時点で検証してください。信頼点は `anchor.cer` です。
            Validate at {now:yyyy-MM-dd HH:mm:ss}Z; the trust anchor is `anchor.cer`, the policy is
            {Workshop.Names.Policies.Certificates}. The answers below are those of

                jpki validate --batch batch.jsonl

            | folder | 内容 | what it is | a correct verifier says |
            |---|---|---|---|

            """);
        foreach (var entry in entries)
        {
            var says = entry.Valid ? "valid" : $"invalid: … {entry.Must} …";
            text.Append($"| {entry.Id} | {entry.Ja} | {entry.En} | {says} |\n");
        }
        return text.ToString();
    }
}
