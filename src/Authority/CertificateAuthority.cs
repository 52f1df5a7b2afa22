using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.Cps.Lint;
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
    private readonly AuthorityOptions options;
    private readonly KeyRing keys;
    private readonly HolderDigest holders;
    private readonly RecentModuli recentKeys = new();
    private readonly ConcurrentDictionary<NoticeUnderWay, Lazy<Task<Outcome<IssuanceAnswer>>>> issuing = [];

    internal CertificateAuthority(Store store, KeyRing keys, AuthorityOptions options)
    {
        (this.store, this.keys, this.options, clock) = (store, keys, options, options.Clock);
        holders = new(keys.HolderKey);
    }

    /// <summary>The self-signed certificate that new residents' certificates chain to. 自己署名証明書</summary>
    public Certificate TrustAnchor => keys.Current.Certificate;

    /// <summary>
    /// Issues what a municipality's notice asks for, or says why not. The same notice again, even at the same time,
    /// gets the same answer once; another notice under its number is refused. (CPS 4-2-1)
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">The signed body is no notice.</exception>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The certification request is not PKCS#10.</exception>
    /// <exception cref="Hsm.HsmException">The governor's key cannot sign now; no serial number was taken.</exception>
    public async Task<Outcome<IssuanceAnswer>> Issue(SignedForm form, Caller terminal)
    {
        if (form.Open<IssuanceNotice>(terminal.Certificate) is not { } notice)
            return await Refuse("certificate refused", terminal.Id, NotSigned, null);
        return await Issue(form, notice, CertificationRequest.Read(notice.CertificationRequest), terminal);
    }

    /// <summary>The same for a notice whose paper was read and found to be the terminal's.</summary>
    internal async Task<Outcome<IssuanceAnswer>> Issue(
        SignedForm form, IssuanceNotice notice, AskedKey request, Caller terminal)
    {
        var today = JapanTime.DayOf(clock.GetUtcNow());
        if (IssuancePolicy.Objection(notice, request, terminal, options.Policy, options.WeakKeys, today)
            is { } objection)
        {
            return await Refuse("certificate refused", Source(terminal, notice.Officer), objection, notice.NoticeId);
        }

        if (RsaNumbers.Of(request.PublicKey) is { } key && recentKeys.SharesPrime(terminal.Id, key.Modulus))
        {
            return await Refuse(
                "certificate refused", Source(terminal, notice.Officer),
                new("6-3-2", "public key: it shares a prime with the one before it"), notice.NoticeId);
        }

        NoticeUnderWay same = new(notice.NoticeId, Convert.ToHexString(SHA256.HashData(form.Body)));
        var work = issuing.GetOrAdd(same, _ => new(() => IssueOnce(form, notice, request, terminal)));
        try
        {
            return await work.Value;
        }
        finally
        {
            issuing.TryRemove(new(same, work));
        }
    }

    /// <summary>Certifies an OCSP node's key for one year. OCSP レスポンダ証明書の発行 (CPS 1-3-2④)</summary>
    public async Task<Outcome<ResponderAnswer>> IssueResponder(ResponderRequest asked, Caller node)
    {
        var request = CertificationRequest.Read(asked.CertificationRequest);
        if (IssuancePolicy.ObjectionToKey(request, CryptoPolicy.Current, options.WeakKeys) is { } weak)
            return await Refuse("responder refused", node.Id, weak, null);
        if (keys.Find(asked.Generation) is not { } wanted)
            return await Refuse("responder refused", node.Id, new("4-13", $"no generation {asked.Generation}"), null);
        // For a key that is not here the next one speaks: the node is then a responder that verifiers must be told to
        // trust (RFC 6960 2.2). CPS 4-18
        var generation = wanted.CanSign ? wanted : keys.Current;

        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        var validity = Profiles.OcspResponder.ValidityFrom(at);
        var intent = Intent.Of(
            generation.Number, CertificateKind.OcspResponder,
            $"{CertificateContents.OcspResponderName(options.Names, node.Id)} {at:yyyyMMddHHmmss}",
            validity, request.PublicKey);
        options.Hsm.Reach();
        var admitted = await store.Write(tx => AdmitResponder(tx, intent, node.Id));
        if (admitted.Refusal is { } refusal)
            return refusal;
        var signed = await SignAndComplete(
            admitted.Key, intent.Kind,
            serial => CertificateContents.OcspResponder(
                generation.Issuer, new(serial, validity, request.PublicKey), node.Id),
            node.Id);
        return signed.IsRefused(out var no, out var certificate) ? no : new ResponderAnswer(certificate.Der.ToArray());
    }

    /// <summary>A revocation asked for on paper at a counter. (CPS 4-4-2)</summary>
    public async Task<Outcome<RevocationAnswer>> Revoke(SignedForm form, Caller terminal)
    {
        if (form.Open<RevocationNotice>(terminal.Certificate) is not { } notice)
            return await Refuse("revocation refused", terminal.Id, NotSigned, null);
        return await Revoke(form, notice, terminal);
    }

    /// <summary>The same for a notice whose paper was read and found to be the terminal's.</summary>
    internal async Task<Outcome<RevocationAnswer>> Revoke(SignedForm form, RevocationNotice notice, Caller terminal)
    {
        if (notice.Reason is not (RevocationReason.KeyCompromise or RevocationReason.CessationOfOperation))
            return await Refuse("revocation refused", terminal.Id, RevocationPolicy.NotAHoldersReason, notice.Serial);
        return await Revoke(new RevocationOrder(
            notice.NoticeId, notice.Serial, notice.Reason, Source(terminal, notice.Officer))
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
        return await Revoke(new RevocationOrder(
            notice.NoticeId, notice.Serial, reason, Source(terminal, notice.Officer))
        {
            Municipality = terminal.Municipality,
            Form = form,
        });
    }

    /// <summary>The Authority's own revocation, by officers of the control room. 職権失効 (CPS 4-4-1-2)</summary>
    public async Task<Outcome<RevocationAnswer>> Revoke(Approved<ExOfficioRevocation> approved)
    {
        var order = approved.Order;
        if (RevocationPolicy.ExOfficioObjection(order.Reason) is { } objection)
            return await Refuse("revocation refused", approved.Officers, objection, order.Serial);
        return await Revoke(
            new RevocationOrder(order.NoticeId, order.Serial, order.Reason, approved.Officers),
            tx => ApprovalBooks.Spend(tx, approved, clock.GetUtcNow()));
    }

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

    private static Refusal CompromisedMeanwhile { get; } =
        new("4-14-2", "the governor's key was found compromised while this was being signed");

    private static Refusal NotSigned { get; } = new("4-2-1", "the form is not signed with the terminal's key");

    private static string Source(Caller terminal, string officer) => $"{terminal.Id}/{officer}";

    private async Task<Outcome<IssuanceAnswer>> IssueOnce(
        SignedForm form, IssuanceNotice notice, AskedKey request, Caller terminal)
    {
        if (keys.ObjectionToIssuing is { } stopped)
            return await Refuse("certificate refused", Source(terminal, notice.Officer), stopped, notice.NoticeId);
        var generation = keys.Current;
        var validity = Profiles.Resident.ValidityFrom(clock.GetUtcNow());
        var intent = Intent.Of(
            generation.Number, CertificateKind.Resident, notice.SubjectCommonName, validity, request.PublicKey) with
        {
            Municipality = notice.Municipality,
            Holder = holders.Of(notice.Attributes),
            NoticeId = notice.NoticeId,
            Notice = form.Body,
            Signature = form.Signature,
        };
        var source = Source(terminal, notice.Officer);
        options.Hsm.Reach();
        var old = notice.Renews is null ? null : new Renewal(notice, form, source);
        var admitted = await store.Write(tx => Admit(tx, intent, old, source));
        if (admitted.Refusal is { } refusal)
            return refusal;
        if (admitted.AlreadyIssued is { } earlier)
            return Answer(notice, Certificate.Read(earlier));

        var municipality = Municipalities.Find(notice.Municipality)!;
        CertificateFrame Frame(SerialNumber serial) => new(serial, validity, request.PublicKey);
        var signed = await SignAndComplete(
            admitted.Key, intent.Kind,
            serial => CertificateContents.Resident(
                generation.Issuer, Frame(serial), municipality, notice.SubjectCommonName,
                HolderTexts.Of(notice.Attributes)),
            source, tx => old?.End(tx, keys, clock.GetUtcNow()));
        return signed.IsRefused(out var no, out var certificate) ? no : Answer(notice, certificate);
    }

    /// <summary>
    /// What only the books can object to, and if they do not, the intent. One act of the writer, so no race.
    /// </summary>
    private Admitted Admit(StoreTransaction tx, Intent intent, Renewal? old, string source)
    {
        if (Books.FindByNotice(tx, intent.NoticeId!) is { } known && Books.IsSameNotice(tx, intent))
            return new() { AlreadyIssued = Books.Bytes(tx, known.Key) };
        if (Books.FindByNotice(tx, intent.NoticeId!) is not null)
            return Refused(new("4-2-1", "this notice number was used for another notice"));
        if (keys.ObjectionToIssuing is { } stopped)
            return Refused(stopped);
        if (Renewal.Objection(old, Books.LiveCertificatesOf(tx, intent.Holder!, intent.NotBefore), keys) is { } no)
            return Refused(no);
        if (IssuancePolicy.ObjectionToKnown(Books.FindByKey(tx, intent.KeyDigest!)) is { } seen)
            return Refused(seen);
        return Books.KnowsSubject(tx, intent.Subject)
            ? Refused(new("3-1-4", "this subject name was given before"))
            : new() { Key = Books.Intend(tx, intent, keys) };

        Admitted Refused(Refusal refusal)
        {
            tx.Record(Entry("certificate refused", refusal.Clause.ToString(), source, intent.NoticeId));
            return new() { Refusal = refusal };
        }
    }

    /// <summary>A node may ask again with a key of its own that is in good standing; with nobody else's.</summary>
    private Admitted AdmitResponder(StoreTransaction tx, Intent intent, string source)
    {
        var known = Books.FindByKey(tx, intent.KeyDigest!);
        if (known is not { Kind: (long)CertificateKind.OcspResponder, WhyRevoked: not RevocationReason.KeyCompromise }
            && IssuancePolicy.ObjectionToKnown(known) is { } refusal)
        {
            tx.Record(Entry("responder refused", refusal.Clause.ToString(), source, null));
            return new() { Refusal = refusal };
        }
        return new() { Key = Books.Intend(tx, intent, keys) };
    }

    /// <summary>Signs what an intent was recorded for, once it is linted; what fails closes the intent.</summary>
    internal async Task<Outcome<Certificate>> SignAndComplete(
        CertificateKey key, CertificateKind kind, Func<SerialNumber, CertificateContent> content, string source,
        Action<StoreTransaction>? also = null)
    {
        var serial = keys.SerialOf(key);
        try
        {
            if (LintGate.Certificate(content(serial), kind).IsRefused(out var refusal, out var linted))
                return await Close(key, "certificate refused", refusal, source);
            var certificate = linted.Sign(keys.Find(key.Generation)!.Key.Sign);
            // Between its intent and now the key may have been declared compromised.
            return await store.Write(tx => Complete(tx, key, kind, certificate, source, also))
                ? certificate
                : await Close(key, "certificate refused", CompromisedMeanwhile, source);
        }
        catch (Exception e) when (e is not LedgerBrokenException)
        {
            // It may have been signed: the serial must never be taken for good. Then fail as we would have.
            await Close(key, "abandoned intent revoked", new("4-2-1", e.GetType().Name), source);
            throw;
        }
    }

    /// <summary>False when it must not be given away any more.</summary>
    private bool Complete(
        StoreTransaction tx, CertificateKey key, CertificateKind kind, Certificate certificate, string source,
        Action<StoreTransaction>? also)
    {
        // OCSP goes on answering for certificates under a compromised key, so its responders go on too.
        if (kind == CertificateKind.Resident && keys.Find(key.Generation)!.CompromisedAt is not null)
            return false;
        tx.Record(Entry("certificate issued", "ok", source, certificate.Serial.ToString()));
        also?.Invoke(tx);
        Books.Complete(tx, key, certificate.Der.ToArray(), clock.GetUtcNow());
        return true;
    }

    /// <summary>Ends an intent that came to nothing, with why.</summary>
    private Task<Refusal> Close(CertificateKey key, string what, Refusal why, string source) => store.Write(tx =>
    {
        Books.Abandon(tx, key, clock.GetUtcNow());
        tx.Record(Entry(what, why.Reason, source, keys.SerialOf(key).ToString()));
        return why;
    });

    /// <param name="order">Asked for by somebody entitled to it.</param>
    /// <param name="uses">Uses up the approval it rests on; null for a paper, which gets the same answer again.</param>
    private Task<Outcome<RevocationAnswer>> Revoke(
        RevocationOrder order, Func<StoreTransaction, Refusal?>? uses = null) =>
        store.Write(tx => End(tx, order, uses));

    /// <summary>Ends a certificate inside a change of the books, unless the rules forbid it.</summary>
    internal Outcome<RevocationAnswer> End(
        StoreTransaction tx, RevocationOrder order, Func<StoreTransaction, Refusal?>? uses = null)
    {
        var at = clock.GetUtcNow();
        if (uses is null && Books.FindRevocation(tx, order.NoticeId) is { } earlier)
            return RevocationPolicy.Repeat(order, earlier, keys);
        var row = keys.KeyOf(order.Serial) is { } key ? Books.Find(tx, key) : null;
        // An approval is used up by what is done, and by nothing else.
        if ((RevocationPolicy.Objection(order, row) ?? uses?.Invoke(tx)) is { } refusal)
        {
            tx.Record(Entry("revocation refused", refusal.Clause.ToString(), order.Source, order.Serial));
            return refusal;
        }
        var position = Books.Revoke(tx, row!.Key, order.Reason, at);
        Books.KeepPaper(tx, order, row.Key, position);
        tx.Record(Entry("certificate revoked", order.Reason.ToStandardName(), order.Source, order.Serial));
        return new RevocationAnswer
        {
            NoticeId = order.NoticeId,
            Serial = order.Serial,
            Reason = order.Reason,
            RevokedAt = JapanTime.WholeSecond(at),
            FeedPosition = position,
        };
    }

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
        AuthorityCertificate = IssuerOf(certificate).Der.ToArray(),
    };

    /// <summary>For the card: the self-signed certificate of the generation that signed it.</summary>
    private Certificate IssuerOf(Certificate certificate) =>
        keys.KeyOf(certificate.Serial.ToString()) is { } key && keys.Find(key.Generation) is { } generation
            ? generation.Certificate
            : TrustAnchor;

    /// <summary>
    /// Who asks for the same at the same time waits for one answer: the same octets, not the number alone.
    /// </summary>
    private sealed record NoticeUnderWay(string NoticeId, string PaperSha256);

    /// <summary>What the books said to a notice: no, it was answered before, or a number to sign under.</summary>
    private sealed record Admitted
    {
        public Refusal? Refusal { get; init; }

        public byte[]? AlreadyIssued { get; init; }

        public CertificateKey Key { get; init; }
    }
}
