namespace Jpki.Counter;

/// <summary>What <c>POST /login</c> takes.</summary>
public sealed record LogInForm(string Id, string Password)
{
    public override string ToString() => "(log-in)";
}

/// <summary>What the applicant enters at the key pair device.</summary>
public sealed record KeyPairForm(string Password, string PasswordAgain, KeyKind Kind = KeyKind.Rsa2048)
{
    public override string ToString() => Kind.ToString();
}
