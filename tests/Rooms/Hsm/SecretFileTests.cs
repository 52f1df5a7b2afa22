using System.Runtime.Versioning;
using Jpki.Hsm;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

[UnsupportedOSPlatform("windows")]
public sealed class SecretFileTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_written_is_read()
    {
        SecretFile.Write(folder["pin"], "1234"u8);
        SecretFile.Write(folder["pin"], "567890"u8);

        Assert.Equal("567890"u8, SecretFile.Read(folder["pin"]));
        Assert.Equal([folder["pin"]], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Replacing_a_file_that_others_could_read_takes_their_right_away()
    {
        File.WriteAllText(folder["pin"], "old");

        SecretFile.Write(folder["pin"], "new"u8);

        Assert.Equal("new"u8, SecretFile.Read(folder["pin"]));
    }

    [Fact]
    public void A_new_secret_replaces_nothing()
    {
        SecretFile.Create(folder["pin"], "1234"u8);

        Assert.Throws<IOException>(() => SecretFile.Create(folder["pin"], "5678"u8));

        Assert.Equal("1234"u8, SecretFile.Read(folder["pin"]));
        Assert.Equal([folder["pin"]], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void What_a_killed_process_left_of_a_secret_is_swept()
    {
        SecretFile.Write(folder["pin"], "1234"u8);
        File.WriteAllText(folder["pin.4711-1.draft"], "5678");
        File.WriteAllText(folder["pins.4711-1.draft"], "another's");

        SecretFile.Sweep(folder["pin"]);

        Assert.Equal([folder["pin"], folder["pins.4711-1.draft"]], Directory.GetFiles(folder.Root).Order());
    }

    [Theory]
    [InlineData("640")]
    [InlineData("604")]
    [InlineData("660")]
    [InlineData("601")]
    public void A_file_that_others_have_any_right_to_is_not_read(string mode)
    {
        SecretFile.Write(folder["pin"], "1234"u8);
        File.SetUnixFileMode(folder["pin"], (UnixFileMode)Convert.ToInt32(mode, 8));

        Assert.Throws<UnauthorizedAccessException>(() => SecretFile.Read(folder["pin"]));
    }
}
