using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>Extensions about policies, names below, and where to find more.</summary>
internal static class PolicyExtensionView
{
    /// <summary>False for any other extension.</summary>
    public static bool TryRead(Sheet sheet, Extension extension)
    {
        switch (extension.Oid)
        {
            case Oids.CertificatePolicies:
                foreach (var policy in Extensions.ReadCertificatePolicies(extension))
                    AddPolicy(sheet, policy);
                return true;
            case Oids.PolicyMappings:
                foreach (var mapping in Extensions.ReadPolicyMappings(extension))
                    sheet.Add("mapping", $"{mapping.IssuerDomainPolicy} → {mapping.SubjectDomainPolicy}");
                return true;
            case Oids.PolicyConstraints:
                AddConstraints(sheet, Extensions.ReadPolicyConstraints(extension));
                return true;
            case Oids.InhibitAnyPolicy:
                sheet.Add("skipCertificates", $"{Extensions.ReadInhibitAnyPolicy(extension)}");
                return true;
            case Oids.NameConstraints:
                var names = Extensions.ReadNameConstraints(extension);
                AddNames(sheet, "permitted", names.Permitted);
                AddNames(sheet, "excluded", names.Excluded);
                return true;
            case Oids.AuthorityInfoAccess:
            case Oids.SubjectInfoAccess:
                foreach (var access in Extensions.ReadAuthorityInfoAccess(extension))
                {
                    sheet.AddSection("access", OidNames.WithOid(sheet, access.Method),
                        inner => NameView.AddGeneral(inner, access.Location));
                }
                return true;
            default:
                return false;
        }
    }

    private static void AddPolicy(Sheet sheet, PolicyInformation policy)
    {
        sheet.Add("policy", OidNames.WithOid(sheet, policy.Policy), policy.Policy);
        if (policy.CpsUri is { } uri)
            sheet.Add("statement", uri);
    }

    private static void AddConstraints(Sheet sheet, PolicyConstraints constraints)
    {
        if (constraints.RequireExplicitPolicy is { } required)
            sheet.Add("requireExplicitPolicy", $"{required}");
        if (constraints.InhibitPolicyMapping is { } inhibited)
            sheet.Add("inhibitPolicyMapping", $"{inhibited}");
    }

    private static void AddNames(Sheet sheet, string key, IReadOnlyList<GeneralName> names)
    {
        if (names.Count > 0)
            sheet.AddSection(key, null, inner => NameView.AddAll(inner, names));
    }
}
