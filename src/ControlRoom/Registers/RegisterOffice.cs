using System.Security.Cryptography;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Registers;

/// <summary>The registers of the control room, for its pages and its programs. 帳簿</summary>
public sealed class RegisterOffice
{
    private readonly RandomNumberGenerator random;

    /// <param name="store">The control room's own.</param>
    /// <param name="clock">The prefecture's time.</param>
    /// <param name="random">Names forms and files.</param>
    public RegisterOffice(Store store, TimeProvider clock, RandomNumberGenerator random)
    {
        this.random = random;
        Desk = new(store, clock);
        Imports = new(store, clock, random);
    }

    public RegisterDesk Desk { get; }

    public ImportDesk Imports { get; }

    /// <summary>One per page shown: a form sent twice is one entry.</summary>
    internal string NewFormKey()
    {
        var key = new byte[16];
        random.GetBytes(key);
        return Convert.ToHexString(key);
    }
}
