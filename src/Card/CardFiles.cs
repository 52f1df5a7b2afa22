using System.Buffers.Binary;
using System.Text;

namespace Jpki.Card;

/// <summary>The card application's elementary files; an identifier's low five bits are the short one. EF</summary>
internal static class CardFiles
{
    public const ushort SignCertificate = 0x0001;
    public const ushort SignCaCertificate = 0x0002;
    public const ushort TokenInfo = 0x0006;
    public const ushort Presence = 0x0008;
    public const ushort Unexplained = 0x0009;
    public const ushort AuthenticationCertificate = 0x000A;
    public const ushort AuthenticationCaCertificate = 0x000B;
    public const ushort TerminalCa = 0x0016;
    public const ushort AuthenticationKey = 0x0017;
    public const ushort AuthenticationPin = 0x0018;
    public const ushort SignKey = 0x001A;
    public const ushort SignPassword = 0x001B;

    private static readonly ushort[] All =
    [
        SignCertificate, SignCaCertificate, TokenInfo, Presence, Unexplained, AuthenticationCertificate,
        AuthenticationCaCertificate, TerminalCa, AuthenticationKey, AuthenticationPin, SignKey, SignPassword,
    ];

    public static bool Exists(ushort file) => All.Contains(file);

    /// <summary>Null when the file is no key.</summary>
    public static KeyPurpose? KeyIn(ushort? file) => file switch
    {
        SignKey => KeyPurpose.Sign,
        AuthenticationKey => KeyPurpose.Authenticate,
        _ => null,
    };

    /// <summary>Null when the file is no password.</summary>
    public static KeyPurpose? PasswordIn(ushort? file) => file switch
    {
        SignPassword => KeyPurpose.Sign,
        AuthenticationPin => KeyPurpose.Authenticate,
        _ => null,
    };

    public static ushort KeyOf(KeyPurpose purpose) =>
        purpose == KeyPurpose.Sign ? SignKey : AuthenticationKey;

    public static ushort PasswordOf(KeyPurpose purpose) =>
        purpose == KeyPurpose.Sign ? SignPassword : AuthenticationPin;

    /// <summary>Whose password opens the file; null when anybody may read it.</summary>
    public static KeyPurpose? PasswordFor(ushort file) =>
        file is SignCertificate or Unexplained ? KeyPurpose.Sign : null;

    /// <summary>What READ BINARY gives; null when the file is not for reading.</summary>
    public static byte[]? Content(ushort file, CardImage card) => file switch
    {
        SignCertificate => card.Sign.Certificate ?? [],
        SignCaCertificate => card.Sign.CaCertificate ?? [],
        AuthenticationCertificate => card.Authenticate.Certificate ?? [],
        AuthenticationCaCertificate => card.Authenticate.CaCertificate ?? [],
        TokenInfo => Token(card.Number),
        Presence => [Mark(card.Sign), Mark(card.Authenticate), 0],
        Unexplained => [.. Enumerable.Repeat((byte)0xFF, 16)],
        _ => null,
    };

    private static byte Mark(KeySlot slot) => (byte)(slot.Certificate is null ? 0x00 : 0x8F);

    /// <summary>A CK_TOKEN_INFO of PKCS#11, as today's cards hold it but for the serial number.</summary>
    private static byte[] Token(string number)
    {
        const uint Unknown = uint.MaxValue;
        ReadOnlySpan<uint> numbers = [0x040D, 1, 0, 1, 0, 16, 6, Unknown, Unknown, Unknown, Unknown];
        List<byte> token =
        [
            .. Text("JPKIAPICCTOKEN2", 32), .. Text("1".PadLeft(32, '0'), 32), .. Text("E16R01NJ", 16),
            .. Text(number, CardImage.NumberLength),
        ];
        Span<byte> four = stackalloc byte[sizeof(uint)];
        foreach (var value in numbers)
        {
            BinaryPrimitives.WriteUInt32BigEndian(four, value);
            token.AddRange(four);
        }
        return [.. token, .. "0301"u8, .. Text(new('9', 16), 16)];
    }

    private static byte[] Text(string text, int length) => Encoding.ASCII.GetBytes(text.PadRight(length));
}
