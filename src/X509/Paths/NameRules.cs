namespace Jpki.X509.Paths;

/// <summary>One certificate's name constraints, sorted by the forms of names (RFC 5280 4.2.1.10). 名前制約</summary>
internal sealed class NameRules
{
    private readonly ILookup<GeneralNameKind, GeneralName> permitted;
    private readonly ILookup<GeneralNameKind, GeneralName> excluded;

    private NameRules(NameConstraints constraints)
    {
        permitted = constraints.Permitted.ToLookup(n => n.Kind);
        excluded = constraints.Excluded.ToLookup(n => n.Kind);
        foreach (var subtree in constraints.Permitted.Concat(constraints.Excluded))
            NameMatch.CheckSubtree(subtree);
    }

    public static NameRules Of(NameConstraints constraints) => new(constraints);

    /// <summary>RFC 5280 6.1.3 (b) and (c): why these names are not allowed; null when they are.</summary>
    public string? Objection(ConstrainedNames names, Work work)
    {
        foreach (var form in names.Forms)
        {
            string? objection = null;
            if (permitted.Contains(form.Key))
                objection = NotPermitted(form, permitted[form.Key], work);
            if (objection is null && excluded.Contains(form.Key))
                objection = Excluded(form, excluded[form.Key], work);
            if (objection is not null)
                return objection;
        }
        return null;
    }

    private static string? NotPermitted(
        IGrouping<GeneralNameKind, GeneralName> names, IEnumerable<GeneralName> subtrees, Work work)
    {
        if (!work.MayCompare(names.Count(), subtrees.Count()))
            return "too many names and name constraints";
        return names.All(name => subtrees.Any(subtree => NameMatch.IsWithin(name, subtree)))
            ? null : $"a name of the form {names.Key} is not in a permitted subtree";
    }

    private static string? Excluded(
        IGrouping<GeneralNameKind, GeneralName> names, IEnumerable<GeneralName> subtrees, Work work)
    {
        if (!work.MayCompare(names.Count(), subtrees.Count()))
            return "too many names and name constraints";
        return names.Any(name => subtrees.Any(subtree => NameMatch.MayBeWithin(name, subtree)))
            ? $"a name of the form {names.Key} is in an excluded subtree" : null;
    }
}

/// <summary>The names of a certificate that constraints apply to, by their forms.</summary>
internal sealed class ConstrainedNames
{
    private ConstrainedNames(IEnumerable<GeneralName> names) => Forms = [.. names.GroupBy(n => n.Kind)];

    public IReadOnlyList<IGrouping<GeneralNameKind, GeneralName>> Forms { get; }

    public static ConstrainedNames Of(Facts facts)
    {
        var names = new List<GeneralName>(facts.AltNames ?? []);
        if (!facts.Subject.IsEmpty)
            names.Add(GeneralName.Of(facts.Subject));
        // RFC 5280 4.2.1.10: without alternative names, a mailbox in the subject counts as one.
        if (facts.AltNames is null)
            names.AddRange(facts.Subject.Values(Oids.EmailAddress).Select(Mailbox));
        return new(names);
    }

    private static GeneralName Mailbox(string text) => Ascii(text)
        ? GeneralName.Of(GeneralNameKind.Rfc822Name, text)
        : new(GeneralNameKind.Rfc822Name, default);

    private static bool Ascii(string text) => System.Text.Ascii.IsValid(text);
}
