using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// The governor's certification authority: issues residents' and responders' certificates and ends them. Every change
/// goes through the store's one writer together with its log entry, and nothing is signed that was not recorded first.
/// 埼玉県 CA
/// </summary>
public sealed class CertificateAuthority
{
    private readonly Store store;
    private readonly TimeProvider clock;
    private readonly PrefectureNames names;
    private readonly KeyRing keys;
    private readonly HolderDigest holders;
    private readonly int smallestRsaKey;
    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome<IssuanceAnswer>>>> issuing = [];

    internal CertificateAuthority(Store store, KeyRing keys, AuthorityOptions options)
    {
        (this.store, this.keys, names, clock) = (store, keys, options.Names, options.Clock);
        smallestRsaKey = options.AllowsLiteralKeys ? 1024 : 2048;
        holders = new(keys.HolderKey);
    }

    /// <summary>The self-signed certificate that new residents' certificates chain to. 自己署名証明書</summary>
    public Certificate TrustAnchor => keys.Current.Certificate;

    /// <summary>
    /// Issues what a municipality's notice asks for, or says why not. The same notice again, even at the same time,
    /// gets the same answer once. (CPS 4-2-1)
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">The signed body is no notice.</exception>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The certification request is not PKCS#10.</exception>
    public async Task<Outcome<IssuanceAnswer>> Issue(SignedForm form, Caller terminal)
    {
        if (form.Open<IssuanceNotice>(terminal.Certificate) is not { } notice)
            return await Refuse("certificate refused", terminal.Id, NotSigned, null);
        var request = CertificationRequest.Read(notice.CertificationRequest);
        var today = JapanTime.DayOf(clock.GetUtcNow());
        if (IssuancePolicy.Objection(notice, request, terminal, smallestRsaKey, today) is { } objection)
            return await Refuse("certificate refused", Source(terminal, notice.Officer), objection, notice.NoticeId);

        var work = issuing.GetOrAdd(notice.NoticeId, _ => new(() => Issue(form, notice, request, terminal)));
        try
        {
            return await work.Value;
        }
        finally
        {
            issuing.TryRemove(new(notice.NoticeId, work));
        }
    }

    /// <summary>Certifies an OCSP node's key for one year. OCSP レスポンダ証明書の発行 (CPS 1-3-2④)</summary>
    public async Task<Outcome<ResponderAnswer>> IssueResponder(ResponderRequest asked, Caller node)
    {
        var request = CertificationRequest.Read(asked.CertificationRequest);
        if (!request.IsSelfSigned)
        {
            return await Refuse(
                "responder refused", node.Id, new("3-1-11", "the request is not signed with its key"), null);
        }

        if (keys.Find(asked.Generation) is not { } generation)
            return await Refuse("responder refused", node.Id, new("4-13", $"no generation {asked.Generation}"), null);

        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        var subject = CertificateContents.ResponderName(names, node.Id);
        var (key, certificate) = await IssueRecorded(
            new()
            {
                Generation = generation.Number,
                Kind = CertificateKind.OcspResponder,
                Subject = $"{subject} {at:yyyyMMddHHmmss}",
                NotBefore = at,
                NotAfter = JapanTime.EndOfYears(at, Profiles.OcspResponder.Years),
            },
            (serial, intent) =>
                CertificateContents.Responder(names, generation, serial, intent, subject, request.PublicKey),
            node.Id);
        _ = key;
        return new ResponderAnswer(certificate.Der.ToArray());
    }

    /// <summary>A revocation asked for on paper at a counter. (CPS 4-4-2)</summary>
    public async Task<Outcome<RevocationAnswer>> Revoke(SignedForm form, Caller terminal)
    {
        if (form.Open<RevocationNotice>(terminal.Certificate) is not { } notice)
            return await Refuse("revocation refused", terminal.Id, NotSigned, null);
        if (notice.Reason is not (RevocationReason.KeyCompromise or RevocationReason.CessationOfOperation))
            return await Refuse("revocation refused", terminal.Id, RevocationPolicy.NotAHoldersReason, notice.Serial);
        return await Revoke(new(notice.NoticeId, notice.Serial, notice.Reason, Source(terminal, notice.Officer))
        {
            Municipality = terminal.Municipality,
            Form = form,
        });
    }

    /// <summary>What the resident register says has ended a certificate. 異動等失効情報 (CPS 4-4-1-1)</summary>
    public async Task<Outcome<RevocationAnswer>> Record(SignedForm form, Caller terminal)
    {
        if (form.Open<RegisterEventNotice>(terminal.Certificate) is not { } notice)
            return await Refuse("revocation refused", terminal.Id, NotSigned, null);
        var reason = RevocationPolicy.ReasonOf(notice.Event);
        return await Revoke(new(notice.NoticeId, notice.Serial, reason, Source(terminal, notice.Officer))
        {
            Municipality = terminal.Municipality,
            Form = form,
        });
    }

    /// <summary>The Authority's own revocation, by an officer of the control room. 職権失効 (CPS 4-4-1-2)</summary>
    public async Task<Outcome<RevocationAnswer>> Revoke(ExOfficioRevocation order, string officer) =>
        RevocationPolicy.ExOfficioObjection(order.Reason) is { } objection
            ? await Refuse("revocation refused", officer, objection, order.Serial)
            : await Revoke(new(order.NoticeId, order.Serial, order.Reason, officer));

    /// <summary>
    /// A certificate that was issued here, for an officer to look at. It says who its holder is, so the log keeps who
    /// looked. (CPS 2-8-1, 4-11-2)
    /// </summary>
    public Task<Outcome<CertificateCopy>> Copy(string serial, string officer) => store.Write(tx =>
    {
        if (keys.KeyOf(serial) is not { } key || Books.FindBytes(tx, key) is not { } der)
            return (Outcome<CertificateCopy>)RevocationPolicy.NotIssuedHere;
        tx.Record(Entry("certificate shown", "ok", officer, serial));
        return new CertificateCopy(der);
    });

    /// <summary>
    /// Closes what a crash left half done: such serials are revoked, so that nothing signed is unrecorded.
    /// </summary>
    internal Task<int> CloseAbandonedIntents() => store.Write(tx =>
    {
        var left = Books.Intents(tx);
        foreach (var key in left)
        {
            Books.Abandon(tx, key, clock.GetUtcNow());
            tx.Record(Entry("abandoned intent revoked", "ok", "Authority", keys.SerialOf(key).ToString()));
        }
        return left.Count;
    });

    private static Refusal NotSigned { get; } = new("4-2-1", "the form is not signed with the terminal's key");

    private static string Source(Caller terminal, string officer) => $"{terminal.Id}/{officer}";

    private async Task<Outcome<IssuanceAnswer>> Issue(
        SignedForm form, IssuanceNotice notice, CertificationRequest request, Caller terminal)
    {
        var generation = keys.Current;
        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        Intent intent = new()
        {
            Generation = generation.Number,
            Kind = CertificateKind.Resident,
            Subject = notice.SubjectCommonName,
            NotBefore = at,
            NotAfter = JapanTime.EndOfYears(at, Profiles.Resident.Years),
            KeyDigest = SHA256.HashData(request.PublicKey.Der.Span),
            Municipality = notice.Municipality,
            Holder = holders.Of(notice.Attributes),
            NoticeId = notice.NoticeId,
            Notice = form.Body,
            Signature = form.Signature,
        };
        var source = Source(terminal, notice.Officer);
        var admitted = await store.Write(tx => Admit(tx, intent, source, at));
        if (admitted.Refusal is { } refusal)
            return refusal;
        if (admitted.AlreadyIssued is { } earlier)
            return Answer(notice, Certificate.Read(earlier));

        var municipality = Municipalities.Find(notice.Municipality)!;
        var certificate = await SignAndComplete(
            admitted.Key,
            serial => CertificateContents.Resident(
                names, generation, serial, intent, municipality, notice, request.PublicKey),
            source);
        return Answer(notice, certificate);
    }

    /// <summary>
    /// What only the books can object to, and if they do not, the intent. One act of the writer, so no race.
    /// </summary>
    private Admitted Admit(StoreTransaction tx, Intent intent, string source, DateTimeOffset at)
    {
        if (Books.FindByNotice(tx, intent.NoticeId!) is { } known && Books.IsSameNotice(tx, intent))
            return new() { AlreadyIssued = Books.Bytes(tx, known.Key) };
        if (Books.FindByNotice(tx, intent.NoticeId!) is not null)
            return Refused(new("4-2-1", "this notice number was used for another notice"));
        if (Books.LiveCertificateOf(tx, intent.Holder!, at) is { } live)
            return Refused(new("4-2-3", $"the holder has a live certificate, {keys.SerialOf(live.Key)}"));
        if (Books.KnowsKey(tx, intent.KeyDigest!))
        {
            return Refused(
                new("6-1-2-1", "this key was certified before; a key pair is made anew for each certificate"));
        }

        return Books.KnowsSubject(tx, intent.Subject)
            ? Refused(new("3-1-4", "this subject name was given before"))
            : new() { Key = Books.Intend(tx, intent) };

        Admitted Refused(Refusal refusal)
        {
            tx.Record(Entry("certificate refused", refusal.Clause.ToString(), source, intent.NoticeId));
            return new() { Refusal = refusal };
        }
    }

    private async Task<(CertificateKey Key, Certificate Certificate)> IssueRecorded(
        Intent intent, Func<SerialNumber, Intent, CertificateContent> content, string source)
    {
        var key = await store.Write(tx => Books.Intend(tx, intent));
        return (key, await SignAndComplete(key, serial => content(serial, intent), source));
    }

    private async Task<Certificate> SignAndComplete(
        CertificateKey key, Func<SerialNumber, CertificateContent> content, string source)
    {
        var serial = keys.SerialOf(key);
        try
        {
            var certificate = content(serial).Sign(keys.Find(key.Generation)!.Signer);
            await store.Write(tx =>
            {
                var at = clock.GetUtcNow();
                tx.Record(Entry("certificate issued", "ok", source, serial.ToString()));
                return Books.Complete(tx, key, certificate.Der.ToArray(), at);
            });
            return certificate;
        }
        catch (Exception e) when (e is not LedgerBrokenException)
        {
            // It may have been signed: the serial must never be taken for good. Then fail as we would have.
            await store.Write(tx =>
            {
                Books.Abandon(tx, key, clock.GetUtcNow());
                tx.Record(Entry("abandoned intent revoked", e.GetType().Name, source, serial.ToString()));
                return key;
            });
            throw;
        }
    }

    private Task<Outcome<RevocationAnswer>> Revoke(RevocationOrder order) => store.Write(tx =>
    {
        var at = clock.GetUtcNow();
        if (Books.FindRevocation(tx, order.NoticeId) is { } earlier)
            return RevocationPolicy.Repeat(order, earlier, keys);
        var row = keys.KeyOf(order.Serial) is { } key ? Books.Find(tx, key) : null;
        if (RevocationPolicy.Objection(order, row) is { } refusal)
        {
            tx.Record(Entry("revocation refused", refusal.Clause.ToString(), order.Source, order.Serial));
            return refusal;
        }
        var position = Books.Revoke(tx, row!.Key, order.Reason, at);
        Books.KeepPaper(tx, order, row.Key, position);
        tx.Record(Entry("certificate revoked", order.Reason.ToStandardName(), order.Source, order.Serial));
        return (Outcome<RevocationAnswer>)new RevocationAnswer
        {
            NoticeId = order.NoticeId,
            Serial = order.Serial,
            Reason = order.Reason,
            RevokedAt = JapanTime.WholeSecond(at),
            FeedPosition = position,
        };
    });

    private async Task<Refusal> Refuse(string what, string source, Refusal refusal, string? about)
    {
        await store.Write(tx =>
        {
            tx.Record(Entry(what, refusal.Clause.ToString(), source, about));
            return refusal;
        });
        return refusal;
    }

    private LedgerEvent Entry(string what, string result, string source, string? about) =>
        new(what, clock.GetUtcNow(), result, source, about);

    private IssuanceAnswer Answer(IssuanceNotice notice, Certificate certificate) => new()
    {
        NoticeId = notice.NoticeId,
        Serial = certificate.Serial.ToString(),
        Certificate = certificate.Der.ToArray(),
        AuthorityCertificate = TrustAnchor.Der.ToArray(),
    };

    /// <summary>What the books said to a notice: no, it was answered before, or a number to sign under.</summary>
    private sealed record Admitted
    {
        public Refusal? Refusal { get; init; }

        public byte[]? AlreadyIssued { get; init; }

        public CertificateKey Key { get; init; }
    }
}
