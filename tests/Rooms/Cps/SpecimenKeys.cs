using Jpki.X509;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// Two public keys that are always the same, so that kept texts are too. Nobody has the private ones any more.
/// </summary>
internal static class SpecimenKeys
{
    private const string FirstDer =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2mvfnv8yiR0s6wUIvw/YF39BIRvH6ZUZVjXvlcCUSXQZO87GlsIbvd+I"
        + "0UOuuF1jhCnbZIExDoo4Up/1LSgTbVKtzlCxRBDQfFY5tIY0J2d62D5OOtMORPDJRaBj1JXYOBp5V5HB/dDuhwJkHGS2V1WC/PtJ"
        + "I2mA6lR3hhyakIiemCBlFvBEjvlePBgfSToLTAEbq9IiYs96EFGeu5lPomhcS/wYD39kybV+eQNwDyUw8FCqZWs6Sl/4V44rh+HM"
        + "7bQ5QXmE8O8sEAV9WPrQywOKFV9/vElu3obk0eVdiggKemm1OZpsDFkPce9/BzlfYSsRU5rt4JkeAF8BQ2KO+wIDAQAB";

    private const string SecondDer =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2RfToNJtoKRMU7lnClq2CzxyvLDD0HiE07r3SHrseLDXiY/VpArpS3jQ"
        + "HodZNn/S1yngOinxllEw6+44fwNaa5K9G//zf019CZr/sL9X1cex6VLlauhc18EHWj6j3C1iYkqXcnne0ywCdC5OA9i7wrPYWG8D"
        + "IC1o5EqR8/qURjqWso8zZ5An/IB5RK8uDFN91mUByBMz1Ymh11HGrr6vt7V6i6ab6MvsEjeOqaEngSXmiSlTbQFI5GqOb5EkjqCM"
        + "F7w6YiC8vMC1OvAANGJ8wyktW8Vsv6V5sy7eOzREYCD3V34lM6vXYhtHdFQLWPSFRnsmeSc1cMVlg7ez/vH+IwIDAQAB";

    public static PublicKey First { get; } = PublicKey.Read(Convert.FromBase64String(FirstDer));

    public static PublicKey Second { get; } = PublicKey.Read(Convert.FromBase64String(SecondDer));
}
