using System.Collections.Immutable;
using Jpki.Cps;

namespace Jpki.ControlRoom.Officers;

/// <summary>
/// An officer who has logged in, with the roles he holds at this moment; only a live session makes one. (CPS 5-2-3)
/// </summary>
public sealed record OfficerOnDuty
{
    internal OfficerOnDuty(string id, string name, string certificateSha256, ImmutableArray<Role> roles) =>
        (Id, Name, CertificateSha256, Roles) = (id, name, certificateSha256, roles);

    public string Id { get; }

    /// <summary>For the screen; logs take <see cref="Id"/>.</summary>
    public string Name { get; }

    /// <summary>Of the client certificate that the session is bound to; upper-case hexadecimal.</summary>
    public string CertificateSha256 { get; }

    public ImmutableArray<Role> Roles { get; }

    /// <summary>Null when it is his work.</summary>
    public Refusal? ObjectionTo(Duty duty) => duty.ObjectionTo(Roles);

    public override string ToString() => Id;
}
