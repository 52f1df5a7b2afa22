using Jpki.Cps;
using Jpki.Forms;
using Jpki.Repository;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>Publishes as the Authority does: hands every object over, then names them.</summary>
internal static class Publishing
{
    public static async Task<Outcome<PublicationReceipt>> Publish(
        this Shelves shelves, IReadOnlyList<byte[]>? certificates = null, IReadOnlyList<byte[]>? crls = null,
        IReadOnlyList<byte[]>? pairs = null)
    {
        foreach (var der in (byte[][])[.. certificates ?? [], .. crls ?? [], .. pairs ?? []])
            await shelves.Keep(Publication.DigestOf(der), new MemoryStream(der), CancellationToken.None);
        return await shelves.Publish(Naming(certificates, crls, pairs), "Authority");
    }

    public static Publication Naming(
        IReadOnlyList<byte[]>? certificates = null, IReadOnlyList<byte[]>? crls = null,
        IReadOnlyList<byte[]>? pairs = null) => new()
        {
            Certificates = Digests(certificates ?? []),
            Crls = Digests(crls ?? []),
            CrossCertificatePairs = pairs is null ? null : Digests(pairs),
        };

    private static IReadOnlyList<string> Digests(IReadOnlyList<byte[]> objects) =>
        [.. objects.Select(der => Publication.DigestOf(der))];
}
