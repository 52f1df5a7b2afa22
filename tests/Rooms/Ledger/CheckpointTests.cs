using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>C2SP signed-note and tlog-checkpoint.</summary>
public sealed class CheckpointTests : LedgerRoom
{
    private static readonly byte[] Root = SHA256.HashData("root"u8);

    [Fact]
    public void A_checkpoint_reads_back_as_it_was_signed()
    {
        var checkpoint = new Checkpoint(Key.Name, 42, Root);

        Assert.Equal(checkpoint, Checkpoint.Open(checkpoint.Sign(Key), Key.PublicKey));
        Assert.Equal($"log.test/room\n42\n{Convert.ToBase64String(Root)}\n", checkpoint.Body);
    }

    [Fact]
    public async Task OpenSSL_verifies_a_checkpoints_signature()
    {
        var note = new Checkpoint(Key.Name, 42, Root).Sign(Key);
        var signature = Convert.FromBase64String(note.TrimEnd().Split(' ')[^1])[4..];
        byte[] spki = [.. Convert.FromHexString("302a300506032b6570032100"), .. Key.PublicKey.Bytes];
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "body"), note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)],
            TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(
            Path.Combine(Folder, "signature"), signature, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Folder, "key.pem"), PemEncoding.WriteString("PUBLIC KEY", spki),
            TestContext.Current.CancellationToken);

        Assert.Equal(0, await OpenSsl());
        await File.AppendAllTextAsync(Path.Combine(Folder, "body"), "\n", TestContext.Current.CancellationToken);
        Assert.NotEqual(0, await OpenSsl());
    }

    [Fact]
    public void A_note_key_of_another_implementation_is_understood()
    {
        // The example of golang.org/x/mod/sumdb/note.
        var key = LogPublicKey.Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        var text =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"u8;
        var signature = Convert.FromBase64String(
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");

        Assert.Equal(0xc74f20a3, key.Hash);
        Assert.True(key.Verify(text, signature.AsSpan(4)));
        Assert.False(key.Verify(text[1..], signature.AsSpan(4)));
    }

    [Fact]
    public void Another_logs_signature_is_not_ours()
    {
        using var other = LogKey.Create(Key.Name, RandomNumberGenerator.Create());

        var note = new Checkpoint(Key.Name, 42, Root).Sign(other);

        Assert.Throws<FormatException>(() => Checkpoint.Open(note, Key.PublicKey));
        Assert.Throws<FormatException>(() =>
            Checkpoint.Open(new Checkpoint("log.test/other", 42, Root).Sign(Key), Key.PublicKey));
    }

    [Fact]
    public void A_witness_may_sign_beside_us()
    {
        using var witness = LogKey.Create("witness.test", RandomNumberGenerator.Create());
        var checkpoint = new Checkpoint(Key.Name, 42, Root);

        var note = checkpoint.Sign(Key) + checkpoint.Sign(witness).Split("\n\n")[1];

        Assert.Equal(checkpoint, Checkpoint.Open(note, Key.PublicKey));
        Assert.Throws<FormatException>(() => Checkpoint.Open(note, witness.PublicKey));
    }

    [Fact]
    public void A_key_is_made_once_readable_by_its_owner_only_with_its_public_half_beside_it()
    {
        var path = Path.Combine(Folder, "keys", "log.key");
        using var made = LogKey.OpenOrCreate(path, "log.test/room", RandomNumberGenerator.Create());
        using var again = LogKey.OpenOrCreate(path, "log.test/room", RandomNumberGenerator.Create());

        Assert.Equal(made.PublicKey.ToString(), again.PublicKey.ToString());
        Assert.Equal(made.PublicKey.ToString(), LogPublicKey.Read(Path.Combine(Folder, "keys", "log.pub")).ToString());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Throws<FormatException>(() =>
            LogKey.OpenOrCreate(path, "log.test/other", RandomNumberGenerator.Create()));
    }

    private async Task<int> OpenSsl()
    {
        var start = new ProcessStartInfo("openssl",
            "pkeyutl -verify -rawin -pubin -inkey key.pem -in body -sigfile signature")
        { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        _ = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
