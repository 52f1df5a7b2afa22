using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jpki.Counter.RegisterFiles;
using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Validation;
using Jpki.X509;

namespace Jpki.Host;

/// <summary>
/// <c>site.json</c>: everything a site chooses. What the practice statement fixes is not here. An unknown key
/// refuses to start.
/// </summary>
internal sealed record SiteFile
{
    public const string FileName = "site.json";

    private const string Synthetic = "synthetic";
    private const string Files = "files:";

    public required int Port { get; init; }

    /// <summary>The address the doors listen on.</summary>
    public string Address { get; init; } = "127.0.0.1";

    public required int Residents { get; init; }

    public required int Seed { get; init; }

    /// <summary><c>sqlite</c>, or <c>postgres://…</c>.</summary>
    public required string Database { get; init; }

    /// <summary><c>software</c>, or <c>pkcs11:MODULE?token=…</c>.</summary>
    public required string Hsm { get; init; }

    /// <summary>
    /// Where all keys but the governor's are: of the forms of <see cref="Hsm"/>, without an activation. When it is
    /// null, with the governor's, unless several key custodians hold that place: then in software.
    /// </summary>
    public string? OperationsHsm { get; init; }

    /// <summary>
    /// Empty, or <c>cps-1.7-literal</c>: RSA 1024 for residents and SHA-1, as CPS 6-1-2-3 was written. Both are broken.
    /// </summary>
    public string Policy { get; init; } = "";

    /// <summary>
    /// What the governor's next key is and signs with, for example <c>rsa2048-sha256</c>. (CPS 6-3-1-2)
    /// </summary>
    public string Governor { get; init; } = KeyAlgorithm.Default.Name;

    /// <summary>A file of known weak keys in the form of Debian's openssl-blacklist; none when it is null.</summary>
    public string? WeakKeys { get; init; }

    /// <summary>What the practice statement leaves to the profile design book, where the site knows better.</summary>
    public ProfileChoices Profiles { get; init; } = ProfileChoices.Default;

    /// <summary>
    /// <c>host:port</c> of other directories and web servers that the validation server may fetch from, besides the
    /// prefecture's own.
    /// </summary>
    public IReadOnlyList<string> ValidationHosts { get; init; } = [];

    /// <summary>
    /// Other directories of the validation server: the name above their entries (RFC 4514), and
    /// <c>ldap://host:port</c>, which must be among <see cref="ValidationHosts"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> ValidationDirectories { get; init; } =
        new Dictionary<string, string>();

    /// <summary>
    /// The PC/SC name of the reader at the key pair device, real or virtual; cards are files when it is null.
    /// (CPS 4-1-3)
    /// </summary>
    public string? CardReader { get; init; }

    /// <summary>
    /// A file with the Authority's first officers, for whom the first start writes one-time codes; the sandbox's
    /// made-up ones where it is null. (CPS 5-2-1-1)
    /// </summary>
    public string? Officers { get; init; }

    /// <summary>
    /// The resident register: <c>synthetic</c>, made-up people; or <c>files:FOLDER</c>, where the municipalities put
    /// theirs.
    /// </summary>
    public string Register { get; init; } = Synthetic;

    /// <summary>The names of the prefecture's service (RFC 4514); the sandbox's where they are left out.</summary>
    public SiteNames? Names { get; init; }

    [JsonIgnore]
    public IPAddress ListenAddress => IPAddress.TryParse(Address, out var address)
        ? address
        : throw new UsageException($"{FileName}: address \"{Address}\" is not an IP address");

    [JsonIgnore]
    public PrefectureNames PrefectureNames => Names?.Read() ?? PrefectureNames.Sandbox;

    [JsonIgnore]
    public IRegisterSource RegisterSource =>
        Register == Synthetic ? new MadeUpRegister(Residents, $"{Seed}")
        : Register.StartsWith(Files, StringComparison.Ordinal) && Register.Length > Files.Length
            ? new RegisterFolder(Register[Files.Length..])
        : throw new UsageException($"register \"{Register}\": say {Synthetic} or {Files}FOLDER");

    [JsonIgnore]
    public CryptoPolicy CryptoPolicy => CryptoPolicy.Find(Policy)
        ?? throw new UsageException($"policy \"{Policy}\": leave it empty or say {CryptoPolicy.Literal.Name}");

    [JsonIgnore]
    public HsmLocation HsmLocation => Location("hsm", Hsm);

    [JsonIgnore]
    public HsmLocation OperationsHsmLocation => OperationsHsm is not null ? Location("operationsHsm", OperationsHsm)
        : HsmLocation.IsInCustody ? HsmLocation.Software
        : HsmLocation;

    [JsonIgnore]
    public KeyAlgorithm GovernorAlgorithm => KeyAlgorithm.Find(Governor)
        ?? throw new UsageException(
            $"governor \"{Governor}\": say one of {string.Join(", ", KeyAlgorithm.All.Select(a => a.Name))}");

    /// <summary>Reads the file that the first start wrote.</summary>
    /// <exception cref="UsageException">
    /// It is not JSON, a key is unknown or missing, or a value is out of range.
    /// </exception>
    public static SiteFile Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<SiteFile>(File.ReadAllBytes(file), FormJson.Indented)!.Checked();
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }

    /// <exception cref="UsageException">One of them has no name, or no address.</exception>
    public IEnumerable<DirectoryPlace> ReadValidationDirectories() => ValidationDirectories.Select(d =>
        Uri.TryCreate(d.Value, UriKind.Absolute, out var place) && place.Scheme == "ldap"
            ? new DirectoryPlace(SiteNames.Parse(d.Key), place)
            : throw new UsageException($"{FileName}: validationDirectories: \"{d.Value}\" is no ldap:// address"));

    /// <summary>The keys in <see cref="WeakKeys"/>.</summary>
    /// <exception cref="UsageException">The file is missing or malformed.</exception>
    public WeakKeyList ReadWeakKeys()
    {
        try
        {
            return WeakKeys is null ? WeakKeyList.Empty : WeakKeyList.Read(File.ReadLines(WeakKeys));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"{FileName}: weakKeys: {e.Message}");
        }
    }

    /// <summary>Only its owner may read it: the database's address may hold a password.</summary>
    public void Write(string file) =>
        SecretFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(this, FormJson.Indented));

    /// <summary>What a successor goes on with: the choices, and nothing of our machines. (CPS 4-18)</summary>
    public SiteFile ForSuccessor() => this with
    {
        Database = "sqlite",
        Hsm = "software",
        OperationsHsm = null,
        Officers = null,
        WeakKeys = null,
        CardReader = null,
        Address = "127.0.0.1",
    };

    public SiteFile Checked() =>
        Port is < 1 or > 64_000 ? throw new UsageException($"port {Port}: choose one between 1 and 64000")
        : Residents is < 0 or > 10_000_000 ? throw new UsageException($"{Residents} residents: choose 0 to 10000000")
        : Database != "sqlite" && !Database.StartsWith("postgres://", StringComparison.Ordinal)
            ? throw new UsageException($"database \"{Database}\": say sqlite or postgres://USER@HOST/DATABASE")
        : GovernorAlgorithm.Signature == SignatureAlgorithm.Sha1WithRsa && !CryptoPolicy.AllowsSha1
            ? throw new UsageException($"governor \"{Governor}\": needs policy {CryptoPolicy.Literal.Name}")
        : OperationsHsmLocation.IsInCustody
            ? throw new UsageException("operationsHsm: what several key custodians hold is the governor's alone; "
                + "name another token, or say software")
        : this;

    private static HsmLocation Location(string key, string text)
    {
        try
        {
            return HsmLocation.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{key}: {e.Message}");
        }
    }
}

/// <summary>A site's own names, each as RFC 4514 text.</summary>
internal sealed record SiteNames
{
    public required string Authority { get; init; }

    public required string AuthorityInJapanese { get; init; }

    public required string DistributionPoints { get; init; }

    public required string Operations { get; init; }

    /// <summary>The bridge CA's; without it no cross certificates are exchanged.</summary>
    public string? Bridge { get; init; }

    public required string Prefecture { get; init; }

    /// <summary>True for the policies of the real service; false for the tests'.</summary>
    public required bool ProductionPolicies { get; init; }

    public required string StatementUri { get; init; }

    public PrefectureNames Read() => new()
    {
        Authority = Parse(Authority),
        AuthorityInJapanese = Parse(AuthorityInJapanese),
        DistributionPoints = Parse(DistributionPoints),
        Operations = Parse(Operations),
        Partners = Bridge is null ? [] : [Parse(Bridge)],
        Prefecture = Prefecture,
        Policies = ProductionPolicies ? PolicyOids.Production : PolicyOids.Test,
        StatementUri = StatementUri,
    };

    internal static Name Parse(string text)
    {
        try
        {
            return Name.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{SiteFile.FileName}: \"{text}\" is not a distinguished name: {e.Message}");
        }
    }
}
