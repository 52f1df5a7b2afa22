namespace Jpki.Forms;

/// <summary>
/// The otherName types of a holder's certificate: each value is a UTF8String, digits too. (CPS 4-2-2, 3-1-2)
/// </summary>
public static class HolderAttributes
{
    /// <summary>氏名, for a foreign resident with the alias.</summary>
    public const string CommonName = "1.2.392.200149.8.5.5.1";

    /// <summary>substituteCharacterOfCommonName: one 0 or 1 for each character.</summary>
    public const string CommonNameSubstitutes = "1.2.392.200149.8.5.5.2";

    public const string Gender = "1.2.392.200149.8.5.5.3";

    /// <summary>Nine digits, as <see cref="Forms.BirthDate.Code"/>.</summary>
    public const string BirthDate = "1.2.392.200149.8.5.5.4";

    public const string Address = "1.2.392.200149.8.5.5.5";

    /// <summary>substituteCharacterOfAddress</summary>
    public const string AddressSubstitutes = "1.2.392.200149.8.5.5.6";
}
