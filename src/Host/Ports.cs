namespace Jpki.Host;

/// <summary>Which port each door has, counted from the base port.</summary>
internal sealed record Ports(int Base)
{
    public int Site => Base;

    public int Counter => Base + 1;

    public int Authority => Base + 2;

    public int Ocsp => Base + 3;

    public int OcspTls => Base + 4;

    public int ControlRoom => Base + 5;

    public int Verifiers => Base + 6;

    public int Repository => Base + 7;

    public int Validation => Base + 8;

    public int Watch => Base + 9;

    public int Ldap => Base + 389;

    /// <summary>The directory of the bridge CA on the other side.</summary>
    public int BridgeLdap => Base + 390;

    public int Ldaps => Base + 636;
}
