using System.Text.Json;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Hsm.Ceremonies;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>
/// A second maker's module: Debian's opencryptoki with its software token, PINs of 8 characters, no curves. Its state
/// is the machine's, so that it runs in name spaces of its own.
/// </summary>
public sealed class OpencryptokiTests
{
    private const string Module = "/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so";

    /// <summary>$1 is an empty folder, the rest is jpki's command lines, one in each argument.</summary>
    private const string Script = """
        set -e
        mount -t tmpfs tmpfs "$1"
        cp -a /var/lib/opencryptoki "$1/lib"
        mkdir -p "$1/run/lock"
        install -d -m 770 -g pkcs11 "$1/run/lock/opencryptoki" "$1/run/lock/opencryptoki/swtok"
        mount --bind "$1/lib" /var/lib/opencryptoki
        mount --bind "$1/run" /run
        mount -t tmpfs tmpfs /dev/shm
        shift
        pkcsslotd
        trap 'kill "$(cat /run/pkcsslotd.pid)"' EXIT
        for command in "$@"; do eval "dotnet $command"; done
        """;

    [Fact, Cps("6-1-1-1"), Cps("6-2-1-6")]
    public void A_ceremony_takes_the_token_makes_backs_up_and_renews_and_the_doctor_is_content()
    {
        Assert.SkipUnless(Tool.Run("unshare", "-m", "-i", "true").ExitCode == 0,
            "this machine lets nobody make name spaces (CAP_SYS_ADMIN)");
        using ScratchFolder folder = new();
        Directory.CreateDirectory(folder["private"]);
        Directory.CreateDirectory(folder["passphrases"]);
        foreach (var id in new[] { "manager", "witness", "op1", "op2", "sato", "suzuki" })
            SecretFile.Write(folder[$"passphrases/{id}"], "a long passphrase"u8);
        folder.Write("file.json", JsonSerializer.SerializeToUtf8Bytes(File(folder), FormJson.Options));
        var jpki = Path.Combine(AppContext.BaseDirectory, "jpki.dll");

        var answer = Tool.Run("unshare", "-m", "-i", "--propagation", "private", "bash", "-c", Script, "bash",
            folder["private"],
            $"{jpki} ceremony run {folder["file.json"]} --passphrases {folder["passphrases"]}",
            $"{jpki} hsm doctor --hsm 'pkcs11:{Module}?token=Governor&activation=/dev/shm/pin'").Succeeded();

        Assert.Contains("6. トークン Governor を活性化する", answer.Text);
        Assert.Contains("Nothing needs to be done.", answer.Text);
    }

    private static CeremonyFile File(ScratchFolder folder)
    {
        using var random = System.Security.Cryptography.RandomNumberGenerator.Create();
        var password = PasswordHash.Create("a long passphrase", random);
        CustodianSeat[] people =
        [
            new("sato", Directory.CreateDirectory(folder["sato"]).FullName),
            new("suzuki", Directory.CreateDirectory(folder["suzuki"]).FullName),
        ];
        return new()
        {
            Title = "opencryptoki",
            Custody = folder["custody"],
            Records = folder["records"],
            InstructedBy = new("manager", password),
            Witness = new("witness", password),
            SeniorOperators = [new("op1", password), new("op2", password)],
            Custodians = [.. people],
            Steps =
            [
                new("establish", Threshold: 2),
                new("initialise", Token: "Governor", Module: Module, FactorySoPin: "87654321"),
                new("generate", Token: "Governor", Key: "governor", Algorithm: "rsa2048-sha256",
                    Backup: folder["backup"]),
                new("renew", Threshold: 2, Custodians: [.. people]),
                new("selfTest"),
                new("activate", Token: "Governor", File: "/dev/shm/pin"),
            ],
        };
    }
}
