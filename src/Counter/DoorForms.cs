namespace Jpki.Counter;

/// <summary>What <c>POST /login</c> takes.</summary>
public sealed record LogInForm(string Id, string Password)
{
    public override string ToString() => "(log-in)";
}

/// <summary>A search for residents by the beginning of a name or its kana: in the body, not in the address.</summary>
public sealed record ResidentSearchForm(string Query, bool WithoutCertificate = false, int Limit = 20)
{
    public override string ToString() => "(search)";
}

/// <summary>The answer to it.</summary>
public sealed record ResidentsFound(IReadOnlyList<Resident> Residents);

/// <summary>What the applicant enters at the key pair device, behind the code of a hand-over.</summary>
public sealed record DeviceForm(string Code, string Password, string PasswordAgain, KeyKind Kind = KeyKind.Rsa2048)
{
    public override string ToString() => Kind.ToString();
}

/// <summary>The device's answer: SHA-256 of the public key (SubjectPublicKeyInfo), upper-case hexadecimal.</summary>
public sealed record KeyPairMade(string ApplicationId, string PublicKeySha256);

/// <summary>What the officer enters for an agent's application. (CPS 4-1-1(3))</summary>
public sealed record KeyPairForm(string Password, string PasswordAgain, KeyKind Kind = KeyKind.Rsa2048)
{
    public override string ToString() => Kind.ToString();
}
