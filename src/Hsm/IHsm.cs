using Jpki.Cps;

namespace Jpki.Hsm;

/// <summary>A place where private keys live and sign, and that they never leave. 暗号モジュール</summary>
public interface IHsm
{
    /// <summary>One line for people: what kind of place this is, and whether it is really an HSM.</summary>
    string Description { get; }

    /// <summary>What keeps its keys from signing, with what to do; null when nothing is known to.</summary>
    string? Trouble { get; }

    /// <summary>Makes sure that its keys can sign now; an <see cref="HsmException"/> says why they cannot.</summary>
    void Reach();

    /// <summary>The key of that label; null when there is none.</summary>
    SigningKey? Find(string label);

    /// <summary>Why this program may not make that key here by itself; null when it may. (CPS 6-1-1-1)</summary>
    Refusal? ObjectionTo(string label);

    /// <summary>Makes a new key under a label that is still free and that nothing objects to.</summary>
    SigningKey Generate(string label, KeySpec spec);
}
