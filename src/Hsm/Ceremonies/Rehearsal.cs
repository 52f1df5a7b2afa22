using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Jpki.Hsm.Ceremonies;

/// <summary>
/// A ceremony's dry run: the same acts in the same order, on throw-away tokens, shares and files, with made-up
/// passphrases. What the file takes for granted is made first. 予行
/// </summary>
public sealed class Rehearsal
{
    private const string Stage = "Rehearsal";

    private readonly string folder, memory, module;
    private readonly CeremonyFile real;
    private readonly string password;

    /// <param name="real">The ceremony's file.</param>
    /// <param name="folder">An empty folder, to be deleted afterwards.</param>
    /// <param name="memory">An empty folder in memory (tmpfs), to be deleted afterwards.</param>
    /// <param name="module">A PKCS#11 module whose tokens are to be thrown away.</param>
    /// <param name="random">Makes up the one password.</param>
    public Rehearsal(CeremonyFile real, string folder, string memory, string module, RandomNumberGenerator random)
    {
        (this.real, this.folder, this.memory, this.module) = (real, folder, memory, module);
        var octets = new byte[16];
        random.GetBytes(octets);
        Passphrase = Convert.ToHexStringLower(octets);
        password = PasswordHash.Create(Passphrase, random);
    }

    /// <summary>Everybody's, for as long as the rehearsal lasts.</summary>
    public string Passphrase { get; }

    /// <summary>What must be there before; null when the file begins with nothing.</summary>
    public CeremonyFile? Before()
    {
        List<CeremonyStep> steps = [];
        if (real.Steps[0].Act != "establish")
            steps.Add(new("establish", Threshold: 2));
        var later = real.Steps.Where(s => s.Act == "initialise").Select(s => s.Token).ToHashSet();
        var tokens = real.Steps.Select(s => s.Token).Where(t => t is not null && !later.Contains(t)).Distinct()
            .ToList();
        if (!tokens.Contains(Stage) && Keys().Any())
            tokens.Add(Stage);
        steps.AddRange(tokens.Select(t => new CeremonyStep("initialise", Token: t, Module: module)));
        steps.AddRange(Keys().Select(k => new CeremonyStep("generate", Token: Stage, Key: k.Key,
            Algorithm: KeyAlgorithm.Default.Name, Backup: k.Backup)));
        if (real.Steps.FirstOrDefault(s => s.File is not null) is { Act: "deactivate", File: { } file })
            File.WriteAllText(In(memory, file), "");
        return steps is [] ? null : Moved(real with
        {
            Custodians = [.. real.Custodians.Select(c => c with { IsPresent = true })],
            Steps = [.. steps],
        });
    }

    /// <summary>The file itself, with nothing in it that could touch what is real.</summary>
    public CeremonyFile Itself() => Moved(real);

    private CeremonyFile Moved(CeremonyFile file) => file with
    {
        Custody = Path.Combine(folder, "custody"),
        Records = Path.Combine(folder, "records"),
        InstructedBy = Moved(file.InstructedBy),
        Witness = Moved(file.Witness),
        SeniorOperators = [.. file.SeniorOperators.Select(Moved)],
        Custodians = Moved(file.Custodians),
        Steps = [.. file.Steps.Select(Moved)],
    };

    /// <summary>Cards stay in their owners' pockets.</summary>
    private Seat Moved(Seat seat) => seat with { Password = password, Card = null };

    private CeremonyStep Moved(CeremonyStep step) => step with
    {
        Module = step.Module is null ? null : module,
        Serial = null,
        FactorySoPin = null,
        Backup = step.Backup is null ? null : In(folder, step.Backup),
        File = step.File is null ? null : In(memory, step.File),
        Custodians = step.Custodians is { } seats ? Moved(seats) : null,
    };

    private ImmutableArray<CustodianSeat> Moved(ImmutableArray<CustodianSeat> seats) =>
        [.. seats.Select(s => s with
        {
            Folder = Directory.CreateDirectory(Path.Combine(folder, s.Id)).FullName,
            Card = null,
        })];

    /// <summary>The keys that the file uses without making them.</summary>
    private IEnumerable<(string Key, string? Backup)> Keys()
    {
        var made = real.Steps.Where(s => s.Act == "generate").Select(s => s.Key).ToHashSet();
        return real.Steps.Where(s => s.Act is "restore" or "destroy" && !made.Contains(s.Key))
            .GroupBy(s => s.Key!).Select(g => (g.Key, g.Select(s => s.Backup).FirstOrDefault(b => b is not null)));
    }

    private static string In(string folder, string path) => Path.Combine(folder, Path.GetFileName(path));
}
