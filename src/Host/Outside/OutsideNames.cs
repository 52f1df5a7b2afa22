using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Host.Outside;

/// <summary>
/// Names and policies of the made-up world around the prefecture. Nobody real has them: the policies are numbers drawn
/// by lot (ITU-T X.667).
/// </summary>
internal static class OutsideNames
{
    public const string GovernmentPolicy = "2.25.204812893472834720938471209384712093847";
    public const string MinistryPolicy = "2.25.119283746501928374650192837465019283746";

    /// <summary>政府認証基盤 BCA, made up.</summary>
    public static Name GovernmentBridge { get; } =
        Name.Of(("C", "JP"), ("O", "Made-up Government"), ("OU", "BridgeCA"));

    /// <summary>府省認証局, made up.</summary>
    public static Name Ministry { get; } =
        Name.Of(("C", "JP"), ("O", "Made-up Government"), ("OU", "Ministry of Examples"), ("OU", "MinistryCA"));

    /// <summary>The bridge CA's own, as its Authority's program wants them. 個人認証 BCA</summary>
    public static PrefectureNames BridgeOf(PrefectureNames prefecture)
    {
        var name = prefecture.Partners[0];
        return prefecture with
        {
            Authority = name,
            AuthorityInJapanese = Name.Parse("OU=ブリッジ認証局,OU=都道府県協議会,O=公的個人認証サービス（検証用）,C=JP"),
            DistributionPoints = name.With("OU", "CRL Distribution Points"),
            Operations = name.With("OU", "Operations"),
            Partners = [prefecture.Authority, GovernmentBridge],
        };
    }
}
