using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Certifies the validation server's key for one year. It asks whenever it likes: a key whose certificate is good gets
/// that certificate, and one whose certificate has ended is told to come with another key.
/// 官職証明書検証サーバ証明書の発行 (CPS 1-3-2③)
/// </summary>
internal sealed class ValidationServers(AuthorityRoom room, AuthorityOptions options)
{
    /// <exception cref="System.Formats.Asn1.AsnContentException">The request is not PKCS#10.</exception>
    /// <exception cref="Hsm.HsmException">The governor's key cannot sign now.</exception>
    public async Task<Outcome<ValidationServerAnswer>> Certify(ValidationServerRequest asked, Caller server)
    {
        var request = CertificationRequest.Read(asked.CertificationRequest);
        if (IssuancePolicy.ObjectionToKey(request, CryptoPolicy.Current, options.WeakKeys) is { } weak)
            return await room.Store.Write(tx => Refuse(tx, server, weak));
        var generation = room.Keys.Current;
        var at = JapanTime.WholeSecond(room.Now);
        var validity = Profiles.ValidationServer.ValidityFrom(at);
        var intent = Intent.Of(
            generation.Number, CertificateKind.ValidationServer,
            $"Validation Server {server.Id} {at:yyyyMMddHHmmss}", validity, request.PublicKey);
        var admitted = await room.Store.Write(tx => Admit(tx, intent, server));
        if (admitted.IsRefused(out var refusal, out var key))
            return refusal;
        if (key.IsEnded)
            return new ValidationServerAnswer(null, generation.Certificate.Der.ToArray());
        if (key.Der is { } known)
            return Answer(key.Key, known);
        options.Hsm.Reach();
        var signed = await room.Governor.SignAndComplete(
            key.Key, intent.Kind,
            serial => CertificateContents.ValidationServer(
                generation.Issuer, new(serial, validity, request.PublicKey), server.Id),
            server.Id);
        return signed.IsRefused(out var no, out var certificate) ? no : Answer(key.Key, certificate.Der.ToArray());
    }

    private ValidationServerAnswer Answer(CertificateKey key, byte[] der) =>
        new(der, room.Keys.Find(key.Generation)!.Certificate.Der.ToArray());

    private Outcome<Admitted> Admit(StoreTransaction tx, Intent intent, Caller server)
    {
        if (room.Keys.ObjectionToIssuing is { } stopped)
            return Refuse(tx, server, stopped);
        return Books.FindByKey(tx, intent.KeyDigest!) switch
        {
            null => new Admitted(Books.Intend(tx, intent, room.Keys), null),
            { Kind: (long)CertificateKind.ValidationServer, Stage: CertificateState.Issued } row
                when row.NotAfter >= intent.NotBefore.ToUnixTimeSeconds() =>
                    new Admitted(row.Key, Books.Bytes(tx, row.Key)),
            { Kind: (long)CertificateKind.ValidationServer } row => new Admitted(row.Key, null) { IsEnded = true },
            var other => Refuse(tx, server, IssuancePolicy.ObjectionToKnown(other)!),
        };
    }

    private Refusal Refuse(StoreTransaction tx, Caller server, Refusal refusal)
    {
        tx.Record(new("validation server refused", room.Now, $"{refusal.Clause}", server.Id));
        return refusal;
    }

    private sealed record Admitted(CertificateKey Key, byte[]? Der)
    {
        public bool IsEnded { get; init; }
    }
}
