namespace Jpki.Card;

/// <summary>How a card's answer ends: SW1-SW2 of ISO/IEC 7816-4.</summary>
internal static class StatusWord
{
    public const ushort Done = 0x9000;

    /// <summary>63Cx: x tries are left.</summary>
    public const ushort TriesLeft = 0x63C0;

    public const ushort WrongLength = 0x6700;
    public const ushort NoSecureMessaging = 0x6882;
    public const ushort WrongFileKind = 0x6981;
    public const ushort NotAllowed = 0x6982;
    public const ushort Locked = 0x6984;
    public const ushort NotSatisfied = 0x6985;
    public const ushort NothingSelected = 0x6986;
    public const ushort WrongSeal = 0x6988;

    /// <summary>What this card says to READ BINARY and VERIFY under secure messaging.</summary>
    public const ushort Unsealed = 0x69FC;

    public const ushort WrongData = 0x6A80;
    public const ushort NotFound = 0x6A82;
    public const ushort NoRoom = 0x6A84;
    public const ushort WrongParameters = 0x6A86;
    public const ushort PastTheEnd = 0x6B00;
    public const ushort WrongInstruction = 0x6D00;
    public const ushort WrongClass = 0x6E00;
}
