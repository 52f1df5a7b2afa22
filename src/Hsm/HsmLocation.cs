namespace Jpki.Hsm;

/// <summary>
/// Where a system's keys live: <c>software</c> or <c>pkcs11:MODULE?token=LABEL&amp;pin-source=FILE</c>.
/// </summary>
public sealed record HsmLocation
{
    /// <summary>The environment variable that holds the PIN when no file does.</summary>
    public const string PinVariable = "JPKI_HSM_PIN";

    private const string Scheme = "pkcs11:";
    private const string Form = "pkcs11:MODULE?token=LABEL[&pin-source=FILE|&activation=FILE]";

    private HsmLocation() { }

    public static HsmLocation Software { get; } = new();

    /// <summary>The PKCS#11 library's path; null for software keys.</summary>
    public string? Module { get; private init; }

    /// <summary>The token's label; null for software keys.</summary>
    public string? Token { get; private init; }

    /// <summary>The file the PIN is in; null when the environment has it.</summary>
    public string? PinSource { get; private init; }

    /// <summary>
    /// The file that a quorum's activation lays the PIN in and its deactivation takes away; null when there is none.
    /// </summary>
    public string? Activation { get; private init; }

    /// <summary>Whether several key custodians hold its PIN: only a ceremony makes keys there. (CPS 6-1-1-1)</summary>
    public bool IsInCustody => Activation is not null;

    /// <summary>Reads the value of <c>--hsm</c>; a <see cref="FormatException"/> says what is wrong.</summary>
    public static HsmLocation Parse(string text)
    {
        if (text == "software")
            return Software;
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
            throw Wrong($"\"{text}\" is neither");
        var rest = text[Scheme.Length..];
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var module = Uri.UnescapeDataString(mark < 0 ? rest : rest[..mark]);
        if (module.Length == 0)
            throw Wrong("the module's path is missing");
        var settings = Settings(mark < 0 ? "" : rest[(mark + 1)..]);
        if (settings.ContainsKey("activation") && settings.ContainsKey("pin-source"))
            throw Wrong("pin-source and activation are two ways to the one PIN");
        return new()
        {
            Module = module,
            Token = settings.GetValueOrDefault("token") ?? throw Wrong("token=LABEL is missing"),
            PinSource = settings.GetValueOrDefault("pin-source"),
            Activation = settings.GetValueOrDefault("activation"),
        };
    }

    /// <summary>Opens it. Software keys go to the folder given.</summary>
    public IHsm Open(string softwareFolder) => this switch
    {
        { Module: null } => new SoftwareHsm(softwareFolder),
        { Activation: { } file } => new Pkcs11Hsm(Module, Token!, new FileInfo(file)),
        _ => new Pkcs11Hsm(Module, Token!, Pin()),
    };

    public override string ToString() => Module is null
        ? "software"
        : $"{Scheme}{Module}?token={Token}{(PinSource is null ? "" : "&pin-source=" + PinSource)}"
            + (Activation is null ? "" : "&activation=" + Activation);

    private static Dictionary<string, string> Settings(string query)
    {
        Dictionary<string, string> settings = [];
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? part : part[..equals];
            var value = equals < 0 ? "" : Uri.UnescapeDataString(part[(equals + 1)..]);
            if (name is "pin" or "pin-value")
                throw Wrong($"a PIN on the command line shows in every process list; use pin-source or {PinVariable}");
            if (name is not ("token" or "pin-source" or "activation"))
                throw Wrong($"there is no setting \"{name}\"");
            if (value.Length == 0)
                throw Wrong($"{name} is empty");
            if (!settings.TryAdd(name, value))
                throw Wrong($"{name} is there twice");
        }
        return settings;
    }

    /// <summary>From wherever it is kept; an <see cref="HsmException"/> says where it could be.</summary>
    internal string Pin()
    {
        if ((PinSource ?? Activation) is { } file)
            return System.Text.Encoding.UTF8.GetString(SecretFile.Read(file)).TrimEnd('\r', '\n');
        return Environment.GetEnvironmentVariable(PinVariable) is { Length: > 0 } pin
            ? pin
            : throw new HsmException(
                $"no PIN for token \"{Token}\": add &pin-source=FILE (mode 0600) or set {PinVariable}");
    }

    private static FormatException Wrong(string what) => new($"--hsm takes \"software\" or \"{Form}\": {what}");
}
