using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>One thing that was looked at.</summary>
public sealed record DoctorLine(string Check, bool IsWell, string Said);

/// <summary>What was found, and in one sentence what to do, in Japanese and in English.</summary>
public sealed record Diagnosis(ImmutableArray<DoctorLine> Lines, string Advice)
{
    public bool IsWell => Lines.All(l => l.IsWell);
}

/// <summary>
/// Looks at a place for keys as this program uses it: module, token, log-in, mechanisms, a signature, wrapping,
/// threads. Works with keys that last as long as a session; nothing in the token is changed.
/// </summary>
public sealed class Doctor
{
    private const int Threads = 4;
    private const string Label = "jpki-doctor";

    private readonly HsmLocation location;
    private readonly string module, token;
    private ISlot slot = null!;
    private ISession? session;
    private IObjectHandle privateKey = null!;
    private PublicKey publicKey = null!;

    private Doctor(HsmLocation location) =>
        (this.location, module, token) = (location, location.Module!, location.Token!);

    /// <summary>Each check needs those before it, so the first that fails is the last.</summary>
    public static Diagnosis Examine(HsmLocation location)
    {
        if (location.Module is null)
        {
            return new([new("module", true, "software key store: for the sandbox, not an HSM")],
                "本番では PKCS#11 モジュールを指定してください。 "
                + "For a real service, name a PKCS#11 module (--hsm pkcs11:MODULE?token=LABEL).");
        }
        Doctor doctor = new(location);
        try
        {
            return doctor.Examine();
        }
        finally
        {
            doctor.session?.Dispose();
        }
    }

    private Diagnosis Examine()
    {
        (string Name, Func<string> Look, string Advice)[] checks =
        [
            ("module", LoadModule, "モジュールを導入するか、--hsm のパスを直してください。 "
                + "Install the module's package, or correct its path in --hsm."),
            ("token", FindToken, "トークンを挿入又は初期化するか、token=LABEL を直してください。 "
                + "Insert or initialise the token, or correct token=LABEL."),
            ("login", LogIn, "PIN のファイルを直すか、儀式で活性化してください。PIN を試さないでください（閉塞します）。 "
                + "Correct the PIN file or activate the key in a ceremony; do not try PINs, tokens lock."),
            ("mechanisms", SeeMechanisms, "2048 ビットの RSA 鍵を作り署名できるトークンを使ってください。 "
                + "Use a token that makes RSA keys of 2048 bits and signs with them."),
            ("signature", SignOnce, "このトークンを使わず、製造者に調べさせてください。 "
                + "Do not use this token: have its maker look at it."),
            ("wrap", WrapOnce, "バックアップのない鍵にするか、AES で秘密鍵をラップできるトークンを使ってください。 "
                + "Choose keys without backup, or a token that wraps private keys with AES."),
            ("threads", SignAtOnce, "複数のスレッドで使わず、モジュールを更新してください。 "
                + "Do not use this token with several threads; update the module."),
        ];
        var lines = ImmutableArray.CreateBuilder<DoctorLine>();
        foreach (var (name, look, advice) in checks)
        {
            try
            {
                lines.Add(new(name, true, look()));
            }
            catch (Exception e) when (
                e is HsmException or Pkcs11Exception or IOException or UnauthorizedAccessException)
            {
                lines.Add(new(name, false, e.Message));
                return new(lines.ToImmutable(), advice);
            }
        }
        return new(lines.ToImmutable(), "何もする必要はありません。 Nothing needs to be done.");
    }

    private string LoadModule()
    {
        var info = Pkcs11Modules.Load(module).GetInfo();
        return $"{info.LibraryDescription.Trim()} {info.LibraryVersion} by {info.ManufacturerId.Trim()}, {module}";
    }

    private string FindToken()
    {
        (slot, var info) = Pkcs11Slots.Only(module, token);
        var flags = info.TokenFlags;
        if (flags.UserPinLocked)
            throw new HsmException($"the user PIN of token \"{token}\" is locked");
        var tries = flags.UserPinFinalTry ? ", ONE TRY LEFT for the PIN"
            : flags.UserPinCountLow ? ", a wrong PIN was tried" : "";
        return $"\"{token}\", number {Pkcs11Slots.SerialOf(info)}, "
            + $"{info.Model.Trim()} of {info.ManufacturerId.Trim()}{tries}";
    }

    private string LogIn()
    {
        var pin = location.Pin();
        if (slot.GetTokenInfo().TokenFlags.UserPinFinalTry)
            throw new HsmException("one try is left for the PIN, and is not made here");
        session = slot.OpenSession(SessionType.ReadWrite);
        try
        {
            session.Login(CKU.CKU_USER, System.Text.Encoding.UTF8.GetBytes(pin));
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            return "logged in before, by this process";
        }
        return location.Activation is null ? "the PIN is right" : "activated by its custodians";
    }

    private string SeeMechanisms()
    {
        var known = slot.GetMechanismList();
        CKM[] needed = [CKM.CKM_RSA_PKCS_KEY_PAIR_GEN, CKM.CKM_RSA_PKCS];
        if (needed.Where(m => !known.Contains(m)).ToList() is [_, ..] missing)
            throw new HsmException($"the token has no {string.Join(", ", missing)}");
        var curves = known.Contains(CKM.CKM_ECDSA) && known.Contains(CKM.CKM_EC_KEY_PAIR_GEN);
        return $"{known.Count}, with RSA{(curves ? " and ECDSA" : "; no ECDSA")}";
    }

    private string SignOnce()
    {
        using var mechanism = Mechanism(CKM.CKM_RSA_PKCS_KEY_PAIR_GEN);
        session!.GenerateKeyPair(mechanism,
            Pkcs11Keys.PublicTemplate(Label, KeySpec.Rsa2048, stays: false),
            Pkcs11Keys.PrivateTemplate(Label, extractable: true, stays: false),
            out var made, out privateKey);
        publicKey = Pkcs11Keys.ReadPublicKey(session, made);
        var clock = Stopwatch.StartNew();
        SignWith(session);
        return string.Create(CultureInfo.InvariantCulture, $"right, in {clock.Elapsed.TotalMilliseconds:0.0} ms");
    }

    private string WrapOnce()
    {
        CKM[] ways = [CKM.CKM_AES_KEY_WRAP_PAD, CKM.CKM_AES_CBC_PAD];
        var known = slot.GetMechanismList();
        var way = ways.Where(m => known.Contains(m) && slot.GetMechanismInfo(m).MechanismFlags.Wrap)
            .Cast<CKM?>().FirstOrDefault()
            ?? throw new HsmException($"the token has none of {string.Join(", ", ways)} for wrapping");
        using var random = RandomNumberGenerator.Create();
        var value = new byte[32];
        random.GetBytes(value);
        var wrapping = session!.CreateObject(Pkcs11Keys.WrappingTemplate(value));
        using var mechanism = way == CKM.CKM_AES_CBC_PAD
            ? session.Factories.MechanismFactory.Create(way, new byte[16]) : Mechanism(way);
        var wrapped = session.WrapKey(mechanism, wrapping, privateKey);
        var back = Pkcs11Keys.UnwrapPassing(session, mechanism, wrapping, wrapped, Label, publicKey);
        session.DestroyObject(back);
        return $"{way}, out and in again";
    }

    private string SignAtOnce()
    {
        var clock = Stopwatch.StartNew();
        var done = 0;
        Parallel.For(0, Threads, new() { MaxDegreeOfParallelism = Threads }, _ =>
        {
            using var own = slot.OpenSession(SessionType.ReadOnly);
            for (; clock.ElapsedMilliseconds < 500; Interlocked.Increment(ref done))
                SignWith(own);
        });
        return string.Create(CultureInfo.InvariantCulture,
            $"{Threads} at once, {done / clock.Elapsed.TotalSeconds:0} RSA-2048 signatures a second, all right");
    }

    private void SignWith(ISession with)
    {
        var data = "jpki doctor"u8;
        var signature = Pkcs11Objects.Sign(with, privateKey, SHA256.HashData(data), SignatureAlgorithm.Sha256WithRsa);
        if (!publicKey.Verify(SignatureAlgorithm.Sha256WithRsa, data, signature))
            throw new HsmException("a signature was wrong");
    }

    private IMechanism Mechanism(CKM type) => session!.Factories.MechanismFactory.Create(type);
}
