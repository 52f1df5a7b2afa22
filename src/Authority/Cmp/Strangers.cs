using System.Formats.Asn1;

namespace Jpki.Authority.Cmp;

/// <summary>Keeps what BouncyCastle throws at malformed messages inside: our doors know one exception.</summary>
internal static class Strangers
{
    /// <exception cref="AsnContentException">What <paramref name="read"/> reads is malformed.</exception>
    public static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or InvalidCastException
            or IOException or FormatException or ArithmeticException or NotSupportedException)
        {
            throw new AsnContentException("not a message as RFC 4210 and RFC 4211 write it", e);
        }
    }
}
