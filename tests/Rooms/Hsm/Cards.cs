using Jpki.Hsm.Quorum;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>People's cards: SoftHSM tokens, each with an RSA key that OpenSC's pkcs11-tool makes once.</summary>
internal static class Cards
{
    public const string Key = "share";

    private static readonly Dictionary<string, Lazy<PersonalCard>> Made =
        new[] { "sato", "suzuki", "op1" }.ToDictionary(id => id, id => new Lazy<PersonalCard>(() => Make(id)));

    public static IEnumerable<string> Labels => Made.Keys.Select(LabelOf);

    public static PersonalCard Of(string id) => Made[id].Value;

    /// <summary>With the digest as <c>sha256sum</c> says it of what the card shows.</summary>
    public static PersonalCard WithDigest(string id)
    {
        var card = Of(id);
        var spki = Tool.Run("pkcs11-tool", "--module", SoftHsm.Module, "--token-label", card.Token,
            "--read-object", "--type", "pubkey", "--label", Key).Succeeded().Output;
        return card with { PublicKey = Tool.Run("sha256sum", spki).Succeeded().Text[..64] };
    }

    private static PersonalCard Make(string id)
    {
        Tool.Run("pkcs11-tool", "--module", SoftHsm.Module, "--token-label", LabelOf(id), "--login", "--pin",
            SoftHsm.Pin, "--keypairgen", "--key-type", "rsa:2048", "--label", Key, "--id", "01", "--usage-decrypt")
            .Succeeded();
        return new(SoftHsm.Module, LabelOf(id), Key);
    }

    private static string LabelOf(string id) => "Card-" + id;
}
