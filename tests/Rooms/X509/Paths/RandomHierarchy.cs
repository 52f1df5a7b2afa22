using System.Globalization;
using System.Security.Cryptography;
using Jpki.X509;
using Jpki.X509.Paths;

namespace Jpki.Tests.Rooms.X509.Paths;

/// <summary>
/// A chain thrown by dice: policies with mappings and constraints, name constraints, path lengths, key usages,
/// validity, self-issued certificates, CRLs whole and in partitions. The same seed throws the same chain, up to its
/// signatures.
/// </summary>
internal sealed class RandomHierarchy
{
    private static readonly string[] Policies = ["1.2.3.1", "1.2.3.2", "1.2.3.3", Oids.AnyPolicy];
    private static readonly string[] Hosts = ["a.test", "b.a.test", "c.test"];
    private static readonly TestKey[] Keys = [.. Enumerable.Range(0, 6).Select(_ => TestKey.P256())];

    private readonly List<Certificate> chain = [];
    private readonly List<Crl> crls = [];
    private uint state;

    public RandomHierarchy(int seed)
    {
        state = unchecked((uint)seed * 2654435761u);
        var (name, key, length) = (NameOf(0), Keys[0], 1 + Throw(3));
        chain.Add(Sign(name, key, name, key, isCa: true, []));
        for (var i = 1; i <= length; i++)
        {
            var isSelfIssued = i < length && Is(8);
            var (below, belowKey) = (isSelfIssued ? name : NameOf(i), Keys[i]);
            Add(name, key, below, belowKey, isCa: i < length);
            (name, key) = (below, belowKey);
        }
        Question = new()
        {
            Target = chain[^1],
            At = Hierarchy.Noon,
            Policies = Is(3) ? [Policies[Throw(3)]] : [Oids.AnyPolicy],
            RequireExplicitPolicy = Is(3),
            InhibitPolicyMapping = Is(6),
            InhibitAnyPolicy = Is(6),
        };
    }

    public PathQuestion Question { get; }

    /// <summary>A certificate has a distribution point of its own, and its CRL's is the issuer's name.</summary>
    public bool HasScopeOfIssuersName { get; private set; }

    /// <summary>How OpenSSL counts the anchor: the target is 0.</summary>
    public int AnchorDepth => chain.Count - 1;

    public PathPool Pool => new([chain[0]], chain.Skip(1), crls);

    /// <summary>What OpenSSL says to the same: "OK", or its errors.</summary>
    public string AskOpenssl(ScratchFolder folder)
    {
        List<string> arguments =
        [
            "verify", "-attime", Question.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            "-no-CApath", "-no-CAstore", "-CAfile", folder.WritePem("root.pem", "CERTIFICATE", chain[0].Der),
            "-untrusted", Pem(folder, "chain.pem", "CERTIFICATE", chain.Skip(1).Select(c => c.Der)),
            "-CRLfile", Pem(folder, "crls.pem", "X509 CRL", crls.Select(c => c.Der)),
            "-crl_check_all", "-extended_crl", "-policy_check", "-policy", Question.Policies[0],
        ];
        if (Question.RequireExplicitPolicy)
            arguments.Add("-explicit_policy");
        if (Question.InhibitPolicyMapping)
            arguments.Add("-inhibit_map");
        if (Question.InhibitAnyPolicy)
            arguments.Add("-inhibit_any");
        var answer = Tool.Run("openssl", [.. arguments, folder.WritePem("leaf.pem", "CERTIFICATE", chain[^1].Der)]);
        return answer.ExitCode == 0 ? "OK" : answer.Errors + answer.Text;
    }

    /// <summary>For people who look into a disagreement.</summary>
    public string Describe(ScratchFolder folder) => $"{Question with { Target = chain[0] }}\n" + string.Join('\n',
        chain.Select(c => Tool.Run(
            "openssl", "x509", "-noout", "-text", "-certopt", "no_pubkey,no_sigdump,no_header,no_version",
            "-in", folder.WritePem("one.pem", "CERTIFICATE", c.Der)).Text)
        .Concat(crls.Select(c => Tool.Run(
            "openssl", "crl", "-noout", "-text", "-in", folder.WritePem("one.pem", "X509 CRL", c.Der)).Text)));

    private static string Pem(ScratchFolder folder, string name, string label,
        IEnumerable<ReadOnlyMemory<byte>> ders) =>
        folder.Write(name, System.Text.Encoding.ASCII.GetBytes(
            string.Concat(ders.Select(der => PemEncoding.WriteString(label, der.Span) + "\n"))));

    private static Name NameOf(int i) => Name.Of(("C", "JP"), ("O", "Dice"), ("CN", $"{i}"));

    private void Add(Name issuer, TestKey key, Name subject, TestKey subjectKey, bool isCa)
    {
        var partition = Is(3) ? Name.Of(("C", "JP"), ("O", "Dice"), ("CN", $"partition {Throw(2)}")) : null;
        List<Extension> extensions = [];
        if (partition is not null)
            extensions.Add(Extensions.CrlDistributionPoints(partition));
        if (!Is(6))
        {
            extensions.Add(Extensions.CertificatePolicies(
                Is(2), [.. Some(Policies).Select(p => new PolicyInformation(p))]));
        }
        if (isCa)
            AddAuthoritys(extensions);
        else if (Is(2))
            extensions.Add(Extensions.SubjectAltName(GeneralName.Of(GeneralNameKind.DnsName, Hosts[Throw(3)])));
        var certificate = Sign(issuer, key, subject, subjectKey, isCa, extensions);
        chain.Add(certificate);
        AddList(issuer, key, certificate, partition);
    }

    private void AddAuthoritys(List<Extension> extensions)
    {
        if (Is(3))
            extensions.Add(Extensions.PolicyMappings(Is(2), new PolicyMapping(Policies[Throw(3)], Policies[Throw(3)])));
        if (Is(5))
            extensions.Add(Extensions.PolicyConstraints(new(Is(2) ? Throw(3) : null, Throw(3))));
        if (Is(5))
            extensions.Add(Extensions.InhibitAnyPolicy(Throw(3)));
        if (Is(4))
        {
            GeneralName[] subtree = [GeneralName.Of(GeneralNameKind.DnsName, Hosts[Throw(3)])];
            extensions.Add(Extensions.NameConstraints(Is(2) ? new(subtree, []) : new([], subtree)));
        }
    }

    private void AddList(Name issuer, TestKey key, Certificate certificate, Name? partition)
    {
        if (Is(20))
            return;
        var point = partition is null && !Is(4) ? null : new IssuingDistributionPoint(
            partition is null ? null : DistributionPointName.Of(NameOfScope(issuer, partition)))
        {
            OnlyContainsUserCerts = Is(4),
            OnlySomeReasons = Is(8) ? ReasonSet.KeyCompromise : null,
        };
        if (point is { Name: null, OnlyContainsUserCerts: false, OnlySomeReasons: null })
            point = null;
        RevokedEntry[] revoked = Is(12)
            ? [new(certificate.Serial, Hierarchy.Start, 1)] : [new(Serial(), Hierarchy.Start, null)];
        crls.Add(new CrlContent
        {
            Algorithm = key.Algorithm,
            Issuer = issuer,
            ThisUpdate = Hierarchy.Start,
            NextUpdate = Is(25) ? Hierarchy.Start : Hierarchy.Start.AddDays(3),
            Extensions =
            [
                Extensions.AuthorityKeyIdentifier(key.PublicKey.KeyIdentifier), Extensions.CrlNumber(1),
                .. point is null ? [] : (Extension[])[Extensions.IssuingDistributionPoint(point)],
            ],
        }.Sign(revoked, key.SignHash));
    }

    private Name NameOfScope(Name issuer, Name partition)
    {
        if (!Is(10))
            return partition;
        HasScopeOfIssuersName = true;
        return issuer;
    }

    private Certificate Sign(
        Name issuer, TestKey key, Name subject, TestKey subjectKey, bool isCa, IEnumerable<Extension> more) =>
        new CertificateContent
        {
            Serial = Serial(),
            Algorithm = key.Algorithm,
            Issuer = issuer,
            NotBefore = Hierarchy.Start,
            NotAfter = chain.Count > 0 && Is(25) ? Hierarchy.Start : Hierarchy.Start.AddYears(3),
            Subject = subject,
            PublicKey = subjectKey.PublicKey,
            Extensions =
            [
                .. isCa || Is(2) ? (Extension[])[
                    Extensions.BasicConstraints(isCa, isCa && chain.Count > 0 && Is(3) ? Throw(3) : null)] : [],
                .. Is(3) && chain.Count > 0 ? [] : (Extension[])[Extensions.KeyUsage(isCa
                    ? (Is(25) && chain.Count > 0 ? KeyUsages.CrlSign : KeyUsages.KeyCertSign | KeyUsages.CrlSign)
                    : KeyUsages.DigitalSignature)],
                Extensions.SubjectKeyIdentifier(subjectKey.PublicKey.KeyIdentifier),
                Extensions.AuthorityKeyIdentifier(key.PublicKey.KeyIdentifier),
                .. more,
            ],
        }.Sign(key.SignHash);

    private SerialNumber Serial() => SerialNumber.FromUnsigned(
        [1, (byte)Throw(250), (byte)Throw(250), (byte)(1 + Throw(250))]);

    private string[] Some(string[] choices)
    {
        var chosen = choices.Where(_ => Is(2)).ToArray();
        return chosen.Length > 0 ? chosen : choices[..1];
    }

    private bool Is(int oneIn) => Throw(oneIn) == 0;

    private int Throw(int sides)
    {
        state = unchecked(state * 1664525u + 1013904223u);
        return (int)((state >> 8) % (uint)sides);
    }
}
