namespace Jpki.Hsm;

/// <summary>The HSM cannot be reached or will not do it. Says which one, and what a person can do about it.</summary>
public sealed class HsmException : Exception
{
    public HsmException(string message) : base(message) { }

    public HsmException(string message, Exception cause) : base(message, cause) { }
}
