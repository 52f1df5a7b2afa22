using System.Security.Cryptography;
using System.Text;

namespace Jpki.Card;

/// <summary>
/// What a card and the key pair devices of its site share, another for each card: by it they know each other before
/// anything is written. 鍵ペア生成装置認証鍵
/// </summary>
public sealed class DeviceKey
{
    public const int Size = 32;

    private readonly byte[] octets;

    private DeviceKey(byte[] octets) => this.octets = octets;

    /// <summary>The key of one card, from the site's secret of 32 octets.</summary>
    public static DeviceKey Of(ReadOnlySpan<byte> siteSecret, string cardNumber) => siteSecret.Length == Size
        ? new(HMACSHA256.HashData(siteSecret, Encoding.ASCII.GetBytes($"jpki card {cardNumber}")))
        : throw new ArgumentException($"a site's secret has {Size} octets", nameof(siteSecret));

    internal static DeviceKey Of(byte[] octets) => octets.Length == Size
        ? new(octets)
        : throw new FormatException($"a device key has {Size} octets");

    internal byte[] Octets => octets;

    /// <summary>HMAC-SHA256 of a message that begins with who speaks.</summary>
    internal byte[] Prove(ReadOnlySpan<byte> speaker, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        HMACSHA256.HashData(octets, (byte[])[.. speaker, .. first, .. second]);

    public override string ToString() => nameof(DeviceKey);
}
