using System.Collections.Immutable;
using System.Text;
using Jpki.Cps;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// Proof that a quorum of key custodians is present, and all that their joined shares can do. There is no other way to
/// the PINs. Dispose it when they leave. 活性化 (CPS 6-2-1-2, 6-2-1-7)
/// </summary>
public sealed class Activation : IDisposable
{
    private bool gone;

    internal Activation(Custody custody, ManagementKey key, ImmutableArray<string> present) =>
        (Custody, Key, Present) = (custody, key, present);

    /// <summary>The custodians whose shares these were.</summary>
    public ImmutableArray<string> Present { get; }

    internal Custody Custody { get; }

    internal ManagementKey Key
    {
        get
        {
            ObjectDisposedException.ThrowIf(gone, this);
            return field;
        }
    }

    /// <summary>Opens a token for as long as the value it gives lives.</summary>
    public Pkcs11Hsm Open(string token)
    {
        var record = TokenOf(token);
        return new(record.Module, record.Label, UserPin(record));
    }

    /// <summary>
    /// Activates a token's keys for the processes that were started with <c>activation=FILE</c>: lays its PIN there.
    /// The file must be in memory, not on a disk. (CPS 6-2-1-7, 6-4-1-2)
    /// </summary>
    public Refusal? Lay(string token, string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (!Directory.Exists(folder) || new DriveInfo(folder).DriveFormat is not ("tmpfs" or "ramfs"))
            return new("6-4-1-2", $"{folder} is not in memory (tmpfs): the activation data would stay on a disk");
        SecretFile.Sweep(file);
        SecretFile.Write(file, Encoding.UTF8.GetBytes(UserPin(TokenOf(token))));
        return null;
    }

    /// <summary>Deactivates: nobody signs with the token from the next signature on. (CPS 6-2-1-8)</summary>
    public Refusal? Withdraw(string file)
    {
        ObjectDisposedException.ThrowIf(gone, this);
        SecretFile.Sweep(file);
        if (!File.Exists(file))
            return new("6-2-1-8", $"there is no {file}: the key is not active");
        File.Delete(file);
        return null;
    }

    public void Dispose()
    {
        if (!gone)
            Key.Dispose();
        gone = true;
    }

    public override string ToString() => $"activation by {string.Join(", ", Present)}";

    internal TokenRecord TokenOf(string label) => Custody.Record.Tokens.FirstOrDefault(t => t.Label == label)
        ?? throw new HsmException($"token \"{label}\" is not of this custody (it has: "
            + string.Join(", ", Custody.Record.Tokens.Select(t => t.Label).DefaultIfEmpty("none")) + ")");

    internal string UserPin(TokenRecord token) => Key.Pin("user", token.Label, token.PinLength);

    internal string SoPin(TokenRecord token) => Key.Pin("SO", token.Label, token.PinLength);
}
