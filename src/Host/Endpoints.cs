using System.Text.Json;
using Jpki.Forms;

namespace Jpki.Host;

/// <summary>
/// <c>endpoints.json</c>: where every door of a running prefecture is, and the sandbox's log-ins. Scripts rely on it.
/// </summary>
internal sealed record Endpoints
{
    public const string FileName = "endpoints.json";

    public required string Site { get; init; }

    public required string Counter { get; init; }

    public required string ControlRoom { get; init; }

    public required string Authority { get; init; }

    public required string Ocsp { get; init; }

    /// <summary>The same responder behind TLS, for callers with an admitted client certificate.</summary>
    public required string OcspTls { get; init; }

    public required string Ldap { get; init; }

    public required string Ldaps { get; init; }

    /// <summary>Where verifiers give notice and are admitted.</summary>
    public required string Verifiers { get; init; }

    /// <summary>Where a certificate's validity is asked: <c>POST /validate</c>.</summary>
    public required string Validation { get; init; }

    public required string Metrics { get; init; }

    /// <summary>The sandbox's own door: its clock.</summary>
    public required string Sandbox { get; init; }

    /// <summary>The bearer token of the sandbox's own door.</summary>
    public required string SandboxToken { get; init; }

    /// <summary>The governor's self-signed certificate (DER).</summary>
    public required string TrustAnchor { get; init; }

    /// <summary>What the HTTPS and LDAPS doors' certificates chain to (PEM).</summary>
    public required string TlsAnchor { get; init; }

    /// <summary>Where the CRL of those certificates is fetched (DER).</summary>
    public required string TlsCrl { get; init; }

    /// <summary>Every sealed log: its folder and the key that checks it.</summary>
    public required IReadOnlyList<LogPlace> Logs { get; init; }

    public required IReadOnlyList<OfficerLogin> Officers { get; init; }

    public static Endpoints Read(string data)
    {
        var file = Path.Combine(data, FileName);
        if (!File.Exists(file))
        {
            throw new UsageException(
                $"no prefecture is running in {data} ({file} is missing): start it with ./jpki up");
        }

        return JsonSerializer.Deserialize<Endpoints>(File.ReadAllBytes(file), FormJson.Options)!;
    }

    public OfficerLogin OfficerOf(string municipality) =>
        Officers.FirstOrDefault(o => o.Municipality == municipality)
        ?? throw new UsageException(
            $"no municipality {municipality} in this prefecture: use the five digits of JIS X 0402, such as 11201");

    /// <summary>Several where a duty takes several.</summary>
    public IReadOnlyList<OfficerLogin> OfficersIn(Cps.Role role) => Officers.Where(o => o.Role == $"{role}").ToList()
        is { Count: > 0 } found
            ? found
            : throw new UsageException("this prefecture has officers of its own (--officers): the work is theirs");
}

/// <summary>A sandbox officer: an ID and a password, and for the operators also a client certificate.</summary>
internal sealed record OfficerLogin
{
    public required string Role { get; init; }

    public string? Municipality { get; init; }

    public required string Id { get; init; }

    public required string Password { get; init; }

    /// <summary>PEM files for the control room's TLS door.</summary>
    public string? Certificate { get; init; }

    public string? Key { get; init; }
}

/// <summary>A sealed log and the public key that checks it, for <c>jpki ledger verify</c>.</summary>
/// <param name="Room">Whose log.</param>
/// <param name="Log">The room's folder; a room whose books are in PostgreSQL has its log there, not here.</param>
/// <param name="Key">The public key's file.</param>
/// <param name="Url">The same log over HTTP as C2SP tiles, wherever the books are.</param>
internal sealed record LogPlace(string Room, string Log, string Key, string Url);

/// <summary>The command was used wrongly, or its input cannot be read: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Something outside is broken (disk, network, HSM, a port in use): exit code 3.</summary>
internal sealed class BrokenException(string message, Exception? inner = null) : Exception(message, inner);
