using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>SIGNED{T}: what is signed, how, and the signature. Certificates, CRLs and requests are all it.</summary>
internal sealed record Signed(
    ReadOnlyMemory<byte> ToBeSigned,
    SignatureAlgorithm Algorithm,
    ReadOnlyMemory<byte> AlgorithmDer,
    ReadOnlyMemory<byte> Signature)
{
    public static Signed Read(ReadOnlyMemory<byte> der)
    {
        var reader = Der.OpenSequence(der);
        var toBeSigned = reader.ReadEncodedValue();
        var algorithm = reader.PeekEncodedValue();
        var signed = new Signed(toBeSigned, SignatureAlgorithm.Read(reader), algorithm, ReadSignature(reader));
        reader.ThrowIfNotEmpty();
        return signed;
    }

    public static byte[] Write(ReadOnlyMemory<byte> toBeSigned, SignatureAlgorithm algorithm, HashSigner sign) =>
        Write(toBeSigned, algorithm, sign(algorithm.ComputeHash(toBeSigned.Span)));

    public static byte[] Write(ReadOnlyMemory<byte> toBeSigned, SignatureAlgorithm algorithm, byte[] signature) =>
        Der.Write(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(toBeSigned.Span);
                algorithm.Write(writer);
                writer.WriteBitString(signature);
            }
        });

    public bool IsSignedBy(PublicKey key) => key.Verify(Algorithm, ToBeSigned.Span, Signature.Span);

    /// <summary>RFC 5280 4.1.1.2, 5.1.1.2: the algorithm inside must be the one outside, octet for octet.</summary>
    public void ReadSameAlgorithm(AsnReader reader)
    {
        if (!reader.ReadEncodedValue().Span.SequenceEqual(AlgorithmDer.Span))
            throw new AsnContentException("the signed algorithm is not the one used");
    }

    /// <summary>Bits that make no whole octets are a BIT STRING but no signature; nothing verifies it.</summary>
    private static ReadOnlyMemory<byte> ReadSignature(AsnReader reader) =>
        reader.TryReadPrimitiveBitString(out var unusedBits, out var bits)
            ? unusedBits == 0 ? bits : default
            : throw new AsnContentException("a signature is not a primitive BIT STRING");
}
