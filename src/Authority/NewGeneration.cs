using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// A generation on its way into the books: intents first, then signatures, then certificates. Linked with the newest
/// key that may be trusted; with none when there is none. (CPS 4-13, 7-1-3, 7-1-4)
/// </summary>
internal sealed class NewGeneration
{
    private readonly AuthorityOptions options;
    private readonly KeyRing keys;
    private readonly SigningKey key;
    private readonly SignatureAlgorithm algorithm;
    private readonly DateTimeOffset at;
    private readonly Generation? old;
    private readonly List<Planned> plans = [];

    public NewGeneration(
        AuthorityOptions options, KeyRing keys, SigningKey key, SignatureAlgorithm algorithm, int number,
        DateTimeOffset at)
    {
        (this.options, this.keys, this.key, this.algorithm, this.at) = (options, keys, key, algorithm, at);
        Number = number;
        old = keys.NewestTrusted(at);
        plans.Add(new(CertificateKind.SelfSigned, number, Profiles.SelfSigned.ValidityFrom(at), key.PublicKey));
        if (old is null)
            return;
        plans.Add(Link(CertificateKind.OldWithNew, number, old.PublicKey));
        plans.Add(Link(CertificateKind.NewWithOld, old.Number, key.PublicKey));
    }

    public int Number { get; }

    public IssuingAuthority Issuer { get; private set; } = null!;

    public RolloverAnswer Answer => new(
        Number, plans[0].Der, [.. plans.Skip(1).Select(p => p.Der)], null);

    public void Intend(StoreTransaction tx)
    {
        RolloverBooks.Begin(tx, Number, key.Label, at);
        foreach (var plan in plans)
            plan.Key = Books.Intend(tx, IntentOf(plan), keys);
        tx.Record(new("key change begun", at, "ok", "Authority", key.Label));
    }

    public void Sign()
    {
        IssuingKey signer = new(key);
        var own = Signed(
            plans[0], CertificateContents.SelfSigned(options.Names, options.Choices, FrameOf(plans[0]), algorithm),
            signer);
        Issuer = new(options.Names, options.Choices, own);
        foreach (var plan in plans.Skip(1))
        {
            var (issuer, by) = plan.SignedBy == Number ? (Issuer, signer) : (old!.Issuer, old.Key);
            Signed(plan, CertificateContents.Link(issuer, plan.Kind, FrameOf(plan)), by);
        }
    }

    public void Complete(StoreTransaction tx, DateTimeOffset now)
    {
        RolloverBooks.Certify(tx, Number, plans[0].Der);
        foreach (var plan in plans)
        {
            Books.Complete(tx, plan.Key, plan.Der, now);
            tx.Record(new("certificate issued", now, "ok", "Authority", $"{keys.SerialOf(plan.Key)} {plan.Kind}"));
        }
    }

    private Planned Link(CertificateKind kind, int signedBy, PublicKey holder) => new(
        kind, signedBy,
        Profiles.LinkValidity(kind, old!.Certificate.NotBefore, at, old.Certificate.NotAfter), holder);

    private Intent IntentOf(Planned plan) => Intent.Of(
        plan.SignedBy, plan.Kind, options.Names.Authority.ToString(), plan.Validity, plan.Holder);

    private CertificateFrame FrameOf(Planned plan) => new(keys.SerialOf(plan.Key), plan.Validity, plan.Holder);

    private static Certificate Signed(Planned plan, CertificateContent content, IssuingKey by)
    {
        if (LintGate.Certificate(content, plan.Kind).IsRefused(out var refusal, out var linted))
            throw new InvalidOperationException($"{plan.Kind}: {refusal.Reason}");
        var certificate = linted.Sign(by.Sign);
        plan.Der = certificate.Der.ToArray();
        return certificate;
    }

    private sealed record Planned(CertificateKind Kind, int SignedBy, Validity Validity, PublicKey Holder)
    {
        public CertificateKey Key { get; set; }

        public byte[] Der { get; set; } = [];
    }
}
