using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>The names that certificates below may have, and may not have (RFC 5280 4.2.1.10). 名前制約</summary>
public sealed record NameConstraints(IReadOnlyList<GeneralName> Permitted, IReadOnlyList<GeneralName> Excluded);

/// <summary>The extension about the names of others.</summary>
public static partial class Extensions
{
    public static Extension NameConstraints(NameConstraints constraints) =>
        Make(Oids.NameConstraints, true, writer =>
        {
            using (writer.PushSequence())
            {
                WriteSubtrees(writer, 0, constraints.Permitted);
                WriteSubtrees(writer, 1, constraints.Excluded);
            }
        });

    public static NameConstraints ReadNameConstraints(Extension extension)
    {
        var reader = Der.OpenSequence(extension.Value);
        var constraints = new NameConstraints(ReadSubtrees(reader, 0), ReadSubtrees(reader, 1));
        reader.ThrowIfNotEmpty();
        return constraints.Permitted.Count + constraints.Excluded.Count > 0
            ? constraints
            : throw new AsnContentException("name constraints constrain nothing");
    }

    private static void WriteSubtrees(AsnWriter writer, int tag, IReadOnlyList<GeneralName> names)
    {
        if (names.Count == 0)
            return;
        using (writer.PushSequence(Der.Context(tag, constructed: true)))
        {
            foreach (var name in names)
                GeneralName.WriteList(writer, [name]); // a GeneralSubtree is a SEQUENCE with the base alone
        }
    }

    /// <summary>GeneralSubtrees: minimum 0 is not written and maximum must be absent: bases alone.</summary>
    private static List<GeneralName> ReadSubtrees(AsnReader outer, int tag)
    {
        if (!outer.NextIs(Der.Context(tag)))
            return [];
        var reader = outer.ReadSequence(Der.Context(tag, constructed: true));
        var names = new List<GeneralName>();
        do
        {
            var subtree = reader.ReadSequence();
            names.Add(GeneralName.ReadFrom(subtree));
            subtree.ThrowIfNotEmpty();
        }
        while (reader.HasData);
        return names;
    }
}
