using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.Cps.Lint;
using Jpki.X509;

namespace Jpki.Host.Commands;

/// <summary>Files of strangers: DER, or PEM with any number of objects in it.</summary>
internal static class LintFile
{
    private const byte Sequence = 0x30;

    private static readonly string[] CertificateLabels = ["CERTIFICATE", "TRUSTED CERTIFICATE"];

    public static IEnumerable<LintLine> Certificates(FileInfo file, CertificateKind? profile) =>
        Each(file, CertificateLabels, "RFC 5280 4.1", der =>
        {
            var certificate = Certificate.Read(der);
            return Linter.Certificate(certificate, profile ?? Kinds.Of(certificate));
        });

    /// <summary>Keys in these files that share a prime: each is as good as published. (CPS 6-3-2)</summary>
    public static IEnumerable<LintLine> SharedPrimes(FileInfo[] files)
    {
        (FileInfo File, BigInteger Modulus)[] keys =
        [
            .. from file in files
               from der in Objects(file, CertificateLabels)
               let modulus = ModulusOf(der)
               where modulus is not null
               select (file, modulus.Value),
        ];
        // The same key in two certificates is not a weak one.
        (FileInfo File, BigInteger Modulus)[] different = [.. keys.DistinctBy(key => key.Modulus)];
        var common = CommonFactors.Find([.. different.Select(key => key.Modulus)]);
        return different.Zip(common).Where(pair => !pair.Second.IsOne).Select(pair => LintLine.Of(
            pair.First.File,
            new(LintLevel.Error, "key_shares_no_prime", "CPS 6-3-2",
                "the modulus shares a prime with another one here")));
    }

    public static IEnumerable<LintLine> Crls(FileInfo file) =>
        Each(file, ["X509 CRL"], "RFC 5280 5.1", der => Linter.Crl(Crl.Read(der)));

    public static IEnumerable<LintLine> Responses(FileInfo file) =>
        Each(file, ["OCSP RESPONSE"], "RFC 6960 4.2.1", der => OcspResponse.Read(der) is { Basic: { } basic }
            ? Linter.Ocsp(basic)
            : []);

    private static IEnumerable<LintLine> Each(
        FileInfo file, string[] labels, string section, Func<byte[], IReadOnlyList<Finding>> lint) =>
        Objects(file, labels).SelectMany(der => Judge(der, section, lint)).Select(found => LintLine.Of(file, found));

    /// <summary>What our reader refuses is a finding too: it was not written as its standard says.</summary>
    private static IReadOnlyList<Finding> Judge(byte[] der, string section, Func<byte[], IReadOnlyList<Finding>> lint)
    {
        try
        {
            return lint(der);
        }
        catch (AsnContentException e)
        {
            return [new(LintLevel.Error, "is_as_defined", section, e.Message)];
        }
    }

    private static BigInteger? ModulusOf(byte[] der)
    {
        try
        {
            return RsaNumbers.Of(Certificate.Read(der).PublicKey)?.Modulus;
        }
        catch (AsnContentException)
        {
            return null;                                      // A finding of its own.
        }
    }

    /// <exception cref="UsageException">Neither DER nor PEM with one of these labels.</exception>
    private static List<byte[]> Objects(FileInfo file, string[] labels)
    {
        byte[] octets;
        try
        {
            octets = File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
        if (octets is [Sequence, ..])
            return [octets];
        var found = InPem(Encoding.Latin1.GetString(octets), labels);
        return found.Count > 0
            ? found
            : throw new UsageException($"{file}: neither DER nor PEM with {string.Join(" or ", labels)} in it");
    }

    private static List<byte[]> InPem(string text, string[] labels)
    {
        List<byte[]> found = [];
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (labels.Contains(rest[fields.Label].ToString()))
                found.Add(Convert.FromBase64String(rest[fields.Base64Data].ToString()));
        }
        return found;
    }
}
