using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// One generation of the governor's key, with its self-signed certificate. All generations share one name; a
/// certificate's issuer is told by key identifier and signature. 知事の鍵の世代 (CPS 4-13)
/// </summary>
internal sealed record Generation(
    int Number, IssuingKey? Own, IssuingAuthority Issuer, SerialCipher Serials, byte[] SerialKey)
{
    /// <summary>False for a key that another organisation kept when it handed over. (CPS 4-18)</summary>
    public bool CanSign => Own is not null;

    /// <exception cref="HsmException">It is not here.</exception>
    public IssuingKey Key => Own ?? throw new HsmException(
        $"the governor's key of generation {Number} was not handed over: restore it from its backup in a ceremony, "
        + "or let the next generation sign");

    public PublicKey PublicKey => Certificate.PublicKey;

    /// <summary>New certificates may be signed with it: its own are where verifiers look for them.</summary>
    public bool IsUsed { get; init; }

    /// <summary>Since when nothing under it may be trusted; null when it may. (CPS 4-14-2)</summary>
    public DateTimeOffset? CompromisedAt { get; init; }

    public Certificate Certificate => Issuer.SelfSigned;
}
