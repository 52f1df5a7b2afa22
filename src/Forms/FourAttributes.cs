using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>男女の別, as a certificate codes it.</summary>
public enum Gender
{
    Male = 1,
    Female = 2,
    Unknown = 3,
}

/// <summary>
/// What the resident register knows of a person and the certificate says of its holder. 基本4情報
/// Nothing of it may reach a log, so <see cref="ToString"/> prints nothing.
/// </summary>
public sealed record FourAttributes
{
    /// <summary>氏名: family name, ideographic space, given name.</summary>
    public required string Name { get; init; }

    /// <summary>通称 of a foreign resident, where the register has one. (CPS 2-1-2(1))</summary>
    public string? Alias { get; init; }

    public required BirthDate BirthDate { get; init; }

    public required Gender Gender { get; init; }

    /// <summary>住所, from the prefecture down; full-width digits and hyphens; at most 200 characters.</summary>
    public required string Address { get; init; }

    public override string ToString() => "(four attributes)";
}

/// <summary>
/// The four attributes as the certificate will show them, with one '0' or '1' per character: '1' where a substitute
/// stands for a character outside JIS X 0208 and JIS X 0212. 代替文字 (CPS 3-1-8)
/// </summary>
public sealed record CertifiedAttributes
{
    /// <summary>
    /// The commonName: the name and, where there is one, an ideographic space and the alias in full-width brackets.
    /// </summary>
    public required string CommonName { get; init; }

    public required string CommonNameSubstitutes { get; init; }

    public required BirthDate BirthDate { get; init; }

    public required Gender Gender { get; init; }

    public required string Address { get; init; }

    public required string AddressSubstitutes { get; init; }

    public override string ToString() => "(certified attributes)";
}
