using Jpki.Hsm;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

public sealed class DoctorTests(SoftHsm softHsm)
{
    [Fact, Cps("6-1-1-3")]
    public void A_sound_token_is_found_sound_and_left_as_it_was()
    {
        using ScratchFolder folder = new();
        SecretFile.Write(folder["pin"], "2468013579\n"u8);

        var diagnosis = Doctor.Examine(Location($"CA&pin-source={folder["pin"]}"));

        Assert.True(diagnosis.IsWell, string.Join('\n', diagnosis.Lines));
        Assert.Equal(["module", "token", "login", "mechanisms", "signature", "wrap", "threads"],
            diagnosis.Lines.Select(l => l.Check));
        Assert.Contains("Nothing needs to be done.", diagnosis.Advice);
        using var hsm = softHsm.Open();
        Assert.Null(hsm.Find("jpki-doctor"));
    }

    [Theory]
    [InlineData("token", "Nowhere&activation=/nowhere", "correct token=LABEL")]
    [InlineData("login", "CA&activation=/nowhere", "activate the key in a ceremony")]
    public void What_is_wrong_is_named_with_what_to_do(string check, string token, string advice)
    {
        var diagnosis = Doctor.Examine(Location(token));

        Assert.Equal(check, diagnosis.Lines[^1].Check);
        Assert.False(diagnosis.IsWell);
        Assert.Contains(advice, diagnosis.Advice);
    }

    [Fact, Cps("6-2-1-1")]
    public void The_software_store_is_never_taken_for_an_hsm() =>
        Assert.Contains("not an HSM", Doctor.Examine(HsmLocation.Software).Lines[0].Said);

    private static HsmLocation Location(string token) => HsmLocation.Parse($"pkcs11:{SoftHsm.Module}?token={token}");
}
