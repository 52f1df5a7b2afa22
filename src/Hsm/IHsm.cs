namespace Jpki.Hsm;

/// <summary>A place where private keys live and sign, and that they never leave. 暗号モジュール</summary>
public interface IHsm
{
    /// <summary>One line for people: what kind of place this is, and whether it is really an HSM.</summary>
    string Description { get; }

    /// <summary>The key of that label; null when there is none.</summary>
    SigningKey? Find(string label);

    /// <summary>Makes a new key under a label that is still free.</summary>
    SigningKey Generate(string label, KeySpec spec);
}
