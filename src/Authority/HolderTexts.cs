using System.Globalization;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Authority;

/// <summary>The four attributes of a notice as the texts of a certificate. (CPS 4-2-2)</summary>
internal static class HolderTexts
{
    public static HolderNames Of(CertifiedAttributes person) => new()
    {
        CommonName = person.CommonName,
        CommonNameSubstitutes = person.CommonNameSubstitutes,
        Gender = ((int)person.Gender).ToString(CultureInfo.InvariantCulture),
        BirthDate = person.BirthDate.Code,
        Address = person.Address,
        AddressSubstitutes = person.AddressSubstitutes,
    };
}
