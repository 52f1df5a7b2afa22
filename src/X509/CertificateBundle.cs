using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Jpki.X509;

/// <summary>
/// Certificates and CRLs as they come in files: one in DER, any number in PEM (RFC 7468), or the certs-only CMS message
/// that authorities publish at their addresses (RFC 5652 5.1, RFC 5280 4.2.2.1). 電子証明書の束
/// </summary>
public sealed record CertificateBundle(IReadOnlyList<Certificate> Certificates, IReadOnlyList<Crl> Crls)
{
    private const int MaxMembers = 4096;

    /// <summary>
    /// Reads what it turns out to be; throws <see cref="AsnContentException"/> when it is none of these.
    /// </summary>
    public static CertificateBundle Read(ReadOnlyMemory<byte> octets)
    {
        Members members = new();
        if (octets.Span is [0x30, ..])
            members.AddDer(octets);
        else
            members.AddPem(octets.Span);
        return members.Bundle();
    }

    private sealed class Members
    {
        private readonly List<Certificate> certificates = [];
        private readonly List<Crl> crls = [];

        public CertificateBundle Bundle() => certificates.Count + crls.Count > 0
            ? new(certificates, crls)
            : throw new AsnContentException("there is neither a certificate nor a CRL in it");

        /// <summary>What it begins with tells: an OID (CMS), or something to be signed whose fields differ.</summary>
        public void AddDer(ReadOnlyMemory<byte> der)
        {
            var inner = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            if (inner.NextIs(UniversalTagNumber.ObjectIdentifier))
                AddSignedData(inner);
            else if (IsCrl(inner))
                Add(() => crls.Add(Crl.Read(der)));
            else
                Add(() => certificates.Add(Certificate.Read(der)));
        }

        public void AddPem(ReadOnlySpan<byte> text)
        {
            var rest = Encoding.Latin1.GetString(text).AsSpan();
            while (PemEncoding.TryFind(rest, out var fields))
            {
                var der = Convert.FromBase64String(rest[fields.Base64Data].ToString());
                switch (rest[fields.Label])
                {
                    case "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE":
                        Add(() => certificates.Add(Certificate.Read(der)));
                        break;
                    case "X509 CRL":
                        Add(() => crls.Add(Crl.Read(der)));
                        break;
                    case "PKCS7" or "CMS":
                        AddDer(der);
                        break;
                }
                rest = rest[fields.Location.End..];
            }
        }

        /// <summary>
        /// TBSCertList has a time, or a version and then the algorithm; TBSCertificate a [0] or two INTEGERs.
        /// </summary>
        private static bool IsCrl(AsnReader signed)
        {
            if (!signed.NextIs(UniversalTagNumber.Sequence))
                return false;
            var fields = signed.ReadSequence();
            if (fields.NextIs(Der.Context(0)))
                return false;
            if (fields.NextIs(UniversalTagNumber.Integer))
            {
                fields.ReadInteger();
                fields.ReadEncodedValue();
                return fields.NextIs(UniversalTagNumber.Sequence) && IsTimeAfter(fields);
            }
            return fields.NextIs(UniversalTagNumber.Sequence) && SkipsTo(fields);
        }

        private static bool SkipsTo(AsnReader fields)
        {
            fields.ReadEncodedValue();
            return IsTimeAfter(fields);
        }

        private static bool IsTimeAfter(AsnReader fields)
        {
            fields.ReadEncodedValue();
            return fields.NextIsTime();
        }

        /// <summary>ContentInfo { signedData, [0] SignedData }; others write it in BER.</summary>
        private void AddSignedData(AsnReader content)
        {
            if (content.ReadObjectIdentifier() != Oids.SignedData)
                throw new AsnContentException("a CMS message that is no SignedData");
            var signed = content.ReadSequence(OcspDer.Tag0).ReadSequence();
            signed.ReadInteger();
            signed.ReadSetOf(skipSortOrderValidation: true);
            signed.ReadSequence();
            AddSet(signed, OcspDer.Tag0, der => certificates.Add(Certificate.Read(der)));
            AddSet(signed, OcspDer.Tag1, der => crls.Add(Crl.Read(der)));
        }

        private void AddSet(AsnReader signed, Asn1Tag tag, Action<ReadOnlyMemory<byte>> add)
        {
            if (!signed.NextIs(tag))
                return;
            var set = signed.ReadSetOf(skipSortOrderValidation: true, tag);
            while (set.HasData)
            {
                var member = set.ReadEncodedValue();
                if (member.Span[0] == 0x30) // the other choices are attribute certificates and foreign formats
                    Add(() => add(member));
            }
        }

        private void Add(Action add)
        {
            if (certificates.Count + crls.Count == MaxMembers)
                throw new AsnContentException($"more than {MaxMembers} certificates and CRLs in one file");
            add();
        }
    }
}
