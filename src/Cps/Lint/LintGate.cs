using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>
/// The gate before every signature of the service's own keys: certificates and lists are signed with a throw-away key,
/// read back and linted; what has an error gets no proof, and without proof no key signs.
/// </summary>
public static class LintGate
{
    public static Outcome<LintedCertificate> Certificate(CertificateContent content, CertificateKind kind)
    {
        var toBeSigned = content.ToBeSigned();
        LintProof proof = new(content.Algorithm, content.Algorithm.ComputeHash(toBeSigned));
        var trial = X509.Certificate.Of(
            toBeSigned, content.Algorithm, ThrowAwayKey.Current.Sign(content.Algorithm, proof.Hash));
        return Refusal(Linter.Quickly(trial, kind), Profiles.Of(kind).Clause) is { } refusal
            ? refusal
            : new LintedCertificate(toBeSigned, proof);
    }

    /// <summary>
    /// PKCS#10 for a key of the service's own. It says the key and its name and nothing else, so that there is nothing
    /// in it to lint. (CPS 4-6)
    /// </summary>
    public static byte[] Request(Name subject, PublicKey key, SignatureAlgorithm algorithm, LintedSigner sign) =>
        CertificationRequest.Create(
            subject, key, algorithm, hash => sign(new LintProof(algorithm, hash.ToArray())));

    /// <summary>A list whose entries fit into memory.</summary>
    public static Outcome<Crl> Crl(
        CrlContent content, CrlKind kind, IReadOnlyList<RevokedEntry> entries, LintedSigner key)
    {
        EntryInspection inspection = new(Trial(content, kind));
        inspection.Look([.. entries]);
        return ObjectionTo(inspection) is { } refusal
            ? refusal
            : content.Sign(entries, hash => key(new LintProof(content.Algorithm, hash.ToArray())));
    }

    /// <summary>
    /// A CRL or ARL of any length, written to <paramref name="output"/> as it is hashed. Its entries are linted on the
    /// way; when one has an error nothing is signed, and what was written has no end. Null when all went well.
    /// </summary>
    /// <param name="content">Everything but the entries.</param>
    /// <param name="kind">CRL or ARL.</param>
    /// <param name="entries">Batch after batch, and again, the same each time.</param>
    /// <param name="output">To be thrown away after a refusal.</param>
    /// <param name="signatureLength">Octets of an RSA signature; null for ECDSA.</param>
    /// <param name="key">Signs.</param>
    public static Refusal? Write(
        CrlContent content, CrlKind kind, IEnumerable<ReadOnlyMemory<RevokedEntry>> entries, Stream output,
        int? signatureLength, LintedSigner key)
    {
        EntryInspection inspection = new(Trial(content, kind));
        if (ObjectionTo(inspection) is { } objection)
            return objection;
        Refusal? refusal = null;
        content.WriteTo(
            output, Inspected(entries, inspection), CrlContent.Measure(entries), signatureLength, hash =>
            {
                refusal = ObjectionTo(inspection);
                return refusal is null ? key(new LintProof(content.Algorithm, hash)) : null;
            });
        return refusal;
    }

    /// <summary>
    /// An OCSP answer. It is made while somebody waits, so the stand-in for its signature was made before: every octet
    /// under the signature is looked at, and nothing else changes from answer to answer.
    /// </summary>
    public static Outcome<LintedResponse> Ocsp(BasicOcspContent content, OcspSigners signers)
    {
        var toBeSigned = content.ToBeSigned();
        var trial = OcspResponse.Read(content.Assemble(toBeSigned, StandIn)).Basic!;
        return Refusal(Linter.Ocsp(new OcspView(trial, signers)), "4-4-4-2") is { } refusal
            ? refusal
            : new LintedResponse(
                content, toBeSigned, new LintProof(content.Algorithm, content.Algorithm.ComputeHash(toBeSigned)));
    }

    private static byte[] StandIn { get; } = ThrowAwayKey.Current.Sign(SignatureAlgorithm.Sha256WithRsa, new byte[32]);

    /// <summary>The list without its entries, signed with the throw-away key.</summary>
    private static CrlView Trial(CrlContent content, CrlKind kind) =>
        new(content.Sign([], hash => ThrowAwayKey.Current.Sign(content.Algorithm, hash)), kind);

    private static Refusal? ObjectionTo(EntryInspection entries) => Refusal(
        [.. Linter.Frame(entries.List), .. entries.Findings],
        entries.List.Kind switch { CrlKind.Arl => "7-2-2", CrlKind.Operations => "5-2-2③", _ => "7-2-1" });

    private static IEnumerable<ReadOnlyMemory<RevokedEntry>> Inspected(
        IEnumerable<ReadOnlyMemory<RevokedEntry>> entries, EntryInspection inspection)
    {
        foreach (var batch in entries)
        {
            inspection.Look(batch.Span);
            yield return batch;
        }
    }

    private static Refusal? Refusal(IReadOnlyList<Finding> findings, Clause clause)
    {
        foreach (var finding in findings)
        {
            if (finding.Level == LintLevel.Error)
                return new(clause, finding.ToString());
        }
        return null;
    }
}
