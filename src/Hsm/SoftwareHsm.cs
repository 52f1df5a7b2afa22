using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;

namespace Jpki.Hsm;

/// <summary>Keys as PKCS#8 files in a folder only its owner may enter. For the sandbox; no HSM in any sense.</summary>
public sealed class SoftwareHsm : IHsm
{
    private readonly string folder;

    public SoftwareHsm(string folder)
    {
        this.folder = Path.GetFullPath(folder);
        SecretFile.CreateFolder(this.folder);
    }

    public string Description => "software key store: for the sandbox, not an HSM";

    public string? Trouble => null;

    public void Reach()
    {
        // A file is there or it is not: Find tells.
    }

    public Refusal? ObjectionTo(string label) => null;

    public SigningKey? Find(string label)
    {
        var path = PathOf(label);
        return File.Exists(path) ? Read(label, path) : null;
    }

    public SigningKey Generate(string label, KeySpec spec)
    {
        var path = PathOf(label);
        if (File.Exists(path))
            throw new InvalidOperationException($"there is already a key {label} in {folder}");
        SecretFile.Create(path, Encoding.ASCII.GetBytes(spec.IsRsa() ? NewRsa(spec) : NewEc(spec)));
        return Read(label, path);
    }

    private static string NewRsa(KeySpec spec)
    {
        using var rsa = RSA.Create(spec.ModulusBits());
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    private static string NewEc(KeySpec spec)
    {
        using var ec = ECDsa.Create(ECCurve.CreateFromValue(spec.CurveOid()));
        return ec.ExportPkcs8PrivateKeyPem();
    }

    private static SigningKey Read(string label, string path)
    {
        var pem = Encoding.ASCII.GetString(SecretFile.Read(path));
        try
        {
            return SoftwareKey.OpenPem(label, pem);
        }
        catch (FormatException e)
        {
            throw new HsmException($"{path} is not a PKCS#8 private key; restore it from its backup", e);
        }
    }

    private string PathOf(string label)
    {
        KeyLabel.Check(label);
        return Path.Combine(folder, label + ".key");
    }
}
