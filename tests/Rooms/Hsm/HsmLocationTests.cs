using Jpki.Hsm;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

public sealed class HsmLocationTests
{
    [Fact]
    public void Software_is_a_location() => Assert.Equal(HsmLocation.Software, HsmLocation.Parse("software"));

    [Fact]
    public void A_token_is_found_by_module_label_and_pin_file()
    {
        var location = HsmLocation.Parse("pkcs11:/usr/lib/softhsm/libsofthsm2.so?token=CA%201&pin-source=/etc/pin");

        Assert.Equal("/usr/lib/softhsm/libsofthsm2.so", location.Module);
        Assert.Equal("CA 1", location.Token);
        Assert.Equal("/etc/pin", location.PinSource);
        Assert.Null(HsmLocation.Parse("pkcs11:m.so?token=CA").PinSource);
    }

    [Theory]
    [InlineData("", "neither")]
    [InlineData("hardware", "neither")]
    [InlineData("Software", "neither")]
    [InlineData("pkcs11:", "path is missing")]
    [InlineData("pkcs11:?token=CA", "path is missing")]
    [InlineData("pkcs11:m.so", "token=LABEL is missing")]
    [InlineData("pkcs11:m.so?token=", "token is empty")]
    [InlineData("pkcs11:m.so?token", "token is empty")]
    [InlineData("pkcs11:m.so?token=CA&token=CB", "there twice")]
    [InlineData("pkcs11:m.so?token=CA&pin-source=a&activation=b", "two ways to the one PIN")]
    [InlineData("pkcs11:m.so?token=CA&slot=1", "no setting \"slot\"")]
    [InlineData("pkcs11:m.so?token=CA&pin-value=1234", "process list")]
    public void What_is_wrong_with_a_location_is_said(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => HsmLocation.Parse(text)).Message);

    [Fact]
    public void A_pin_file_that_others_can_read_is_refused()
    {
        using ScratchFolder folder = new();
        File.WriteAllText(folder["pin"], "1234");

        var location = HsmLocation.Parse($"pkcs11:m.so?token=CA&pin-source={folder["pin"]}");

        Assert.Throws<UnauthorizedAccessException>(() => location.Open(folder["keys"]));
    }
}
