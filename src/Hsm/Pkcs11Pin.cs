using System.Security.Cryptography;
using System.Text;

namespace Jpki.Hsm;

/// <summary>
/// A token's PIN, from wherever it lies. What the token has turned away is not tried again until something else lies
/// there: tokens count the tries, and lock.
/// </summary>
internal sealed class Pkcs11Pin
{
    private readonly Func<byte[]> read;
    private readonly string? activation;
    private volatile byte[]? tried;
    private volatile string? turnedAway;

    public Pkcs11Pin(string pin) => read = () => Encoding.UTF8.GetBytes(pin);

    public Pkcs11Pin(FileInfo activation) =>
        (this.activation, read) = (activation.FullName, () => SecretFile.Read(activation.FullName));

    /// <summary>Whether several custodians lay it and take it away. (CPS 6-2-1-7)</summary>
    public bool IsInCustody => activation is not null;

    /// <summary>Why there is none, or none that the token takes; null when one is worth a try.</summary>
    public string? Trouble
    {
        get
        {
            if (activation is not null && !File.Exists(activation))
            {
                return $"is not activated: there is no {activation}. "
                    + "Several key custodians activate it in a ceremony (CPS 6-2-1-7)";
            }
            try
            {
                return turnedAway is { } why && !IsAnother(Read()) ? why : null;
            }
            catch (HsmException e)
            {
                return e.Message;
            }
        }
    }

    /// <summary>What lies there now, whether it was tried or not.</summary>
    public byte[] Read()
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HsmException($"the activation data cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether it is another one than was tried last.</summary>
    public bool IsAnother(byte[] pin) =>
        tried is { } last && !CryptographicOperations.FixedTimeEquals(SHA256.HashData(pin), last);

    public void Tries(byte[] pin) => (turnedAway, tried) = (null, SHA256.HashData(pin));

    public void TurnAway(string why) => turnedAway = why;
}
