using System.Formats.Asn1;
using Jpki.Cps;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>
/// Answers the question whether a certificate is good, revoked or unknown, at the time it is asked, to those admitted.
/// OCSPレスポンダ (CPS 4-4-4-2)
/// </summary>
public sealed class Responder
{
    private readonly ResponderParts parts;
    private readonly FeedReader feed;
    private readonly Delegations delegations;
    private readonly Gate gate;
    private readonly AnswerCache cache = new();
    private volatile string? logTrouble;

    public Responder(ResponderParts parts)
    {
        this.parts = parts;
        feed = new(parts.Authority, parts.SilenceLimit, parts.Clock);
        delegations = new(parts, feed);
        gate = new(parts.Admissions, parts.IsEnded);
    }

    public ResponderHealth Health
    {
        get
        {
            var (isFresh, at, map) = (feed.IsFresh, parts.Clock.GetUtcNow(), feed.Map);
            int[] generations =
                [.. map.Issuers.Where(i => delegations.For(i, at) is not null).Select(i => i.Generation)];
            string?[] troubles =
                [feed.Trouble, isFresh ? null : "status feed is silent", delegations.Trouble, logTrouble];
            var isAnswering = isFresh && generations.Length > 0;
            return new(map.Position, feed.Age, isAnswering, generations, [.. troubles.OfType<string>()]);
        }
    }

    /// <summary>Follows the feed and keeps the node's certificates alive until told to stop.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(feed.Run(stop), delegations.Run(stop));

    /// <summary>An OCSPRequest in, an OCSPResponse out, whatever came in. The log knows of it first.</summary>
    public async Task<byte[]> Answer(ReadOnlyMemory<byte> question, Asker asker)
    {
        var at = parts.Clock.GetUtcNow();
        var answer = Decide(question, asker, at);
        await Record(new("OCSP query", at, answer.Result, answer.Source, answer.About));
        return answer.Response;
    }

    private Said Decide(ReadOnlyMemory<byte> question, Asker asker, DateTimeOffset at)
    {
        OcspRequest request;
        try
        {
            request = OcspRequest.Read(question);
        }
        catch (AsnContentException)
        {
            return Refuse(OcspResponseStatus.MalformedRequest, asker.Source, null);
        }
        var about = string.Join(',', request.CertIds);
        var admittance = gate.Admit(request, asker, at);
        if (admittance.Verifier is not { } verifier)
            return Refuse(admittance.Refusal, asker.Source, about);
        // CPS 4-4-4-2: the status at the time of the question. A node that has not heard of it cannot tell.
        var statuses = request.CertIds.Select(Find).ToArray();
        if (!feed.IsFresh || Speaker(statuses, at) is not { } delegation)
            return Refuse(OcspResponseStatus.TryLater, verifier.Id, about);
        try
        {
            var response = Respond(request, statuses, delegation, at);
            return new(response, string.Join(',', statuses.Select(s => Word(s.Status))), verifier.Id, about);
        }
        catch (HsmException)
        {
            return Refuse(OcspResponseStatus.InternalError, verifier.Id, about);
        }
    }

    private static Said Refuse(OcspResponseStatus status, string source, string? about)
    {
        var name = status.ToString();
        return new(OcspResponse.Error(status), char.ToLowerInvariant(name[0]) + name[1..], source, about);
    }

    private Found Find(CertId certId)
    {
        var issuer = feed.Map.IssuerOf(certId);
        return new(certId, issuer, issuer?.Find(certId.Serial) ?? CertificateStatus.Unknown);
    }

    /// <summary>
    /// One response has one signer: the newest generation asked about. Who asks about none of ours hears from the
    /// newest of all.
    /// </summary>
    private Delegation? Speaker(IEnumerable<Found> statuses, DateTimeOffset at)
    {
        var issuer = statuses.Select(s => s.Issuer).OfType<Issuer>().MaxBy(i => i.Generation)
            ?? feed.Map.Newest;
        return issuer is null ? null : delegations.For(issuer, at);
    }

    private byte[] Respond(OcspRequest request, Found[] statuses, Delegation delegation, DateTimeOffset at)
    {
        var isReusable = request.Nonce is null && statuses.Length == 1;
        if (isReusable && cache.Find(statuses[0].CertId, statuses[0].Status, delegation, at) is { } cached)
            return cached;
        var response = delegation.Sign([.. statuses.Select(s => Single(s, at))], request.Nonce, at);
        if (isReusable)
            cache.Keep(statuses[0].CertId, statuses[0].Status, delegation, at, response);
        return response;
    }

    /// <summary>Without nextUpdate: newer information is there at any time. (RFC 6960, 4.2.2.1)</summary>
    private static SingleResponse Single(Found found, DateTimeOffset at) => new()
    {
        CertId = found.CertId,
        Status = found.Status.Status,
        RevokedAt = found.Status.RevokedAt,
        Reason = (int?)found.Status.Reason,
        ThisUpdate = at,
    };

    private static string Word(CertificateStatus status) => status switch
    {
        { Reason: { } reason } => $"revoked {reason.ToStandardName()}",
        { Status: CertStatus.Good } => "good",
        _ => "unknown",
    };

    /// <summary>A log that cannot be written degrades the node's health; who must know still gets an answer.</summary>
    private async Task Record(LedgerEvent happened)
    {
        try
        {
            await parts.Record(happened);
            logTrouble = null;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            logTrouble = $"log: {e.Message}";
        }
    }

    private readonly record struct Found(CertId CertId, Issuer? Issuer, CertificateStatus Status);

    private readonly record struct Said(byte[] Response, string Result, string Source, string? About);
}
