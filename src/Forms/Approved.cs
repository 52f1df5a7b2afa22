using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>
/// Proof that the people whose duty it is agreed to this order: there is no other way to have one. Whoever acts on it
/// keeps its id with the act, so that it is used once. (CPS 5-2-2)
/// </summary>
public sealed class Approved<T> where T : class
{
    internal Approved(T order, ActApproval approval) => (Order, Approval) = (order, approval);

    public T Order { get; }

    public ActApproval Approval { get; }

    /// <summary>Who, for the log.</summary>
    public string Officers => string.Join("+", Approval.Consents.Select(c => c.Officer));
}

/// <summary>When enough people have said yes. (CPS 5-2-2①②)</summary>
public static class Approvals
{
    /// <summary>The first objection to the papers; the proof when there is none.</summary>
    /// <param name="papers">As they came.</param>
    /// <param name="duty">What the order is to be an act of.</param>
    /// <param name="controlRoom">Who brought and signed them.</param>
    /// <param name="at">The time now.</param>
    /// <exception cref="JsonException">Signed or approved octets are no such form.</exception>
    public static Outcome<Approved<T>> Prove<T>(
        ApprovedOrder papers, Duty duty, Caller controlRoom, DateTimeOffset at) where T : class
    {
        if (papers.Approval.Open<ActApproval>(controlRoom.Certificate) is not { } approval)
            return new Refusal("5-2-3", "the approval is not signed by the control room");
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(papers.Order), approval.Digest))
            return new Refusal("5-2-2①", "the order is not the one that was approved");
        if (approval.Duty != duty.Name)
            return new Refusal("5-2-2①", $"the approval is for {approval.Duty}, not for {duty.Name}");
        if (at >= approval.ExpiresAt)
            return new Refusal("5-2-2①", $"the approval ended at {approval.ExpiresAt:u}");
        return Objection(duty, approval) is { } no
            ? no
            : new Approved<T>(JsonSerializer.Deserialize<T>(papers.Order, FormJson.Options)!, approval);
    }

    /// <summary>Null when the duty's people, all different, agreed and it was instructed where it must be.</summary>
    public static Refusal? Objection(Duty duty, ActApproval approval)
    {
        var consents = approval.Consents;
        if (consents.FirstOrDefault(c => duty.ObjectionTo(c.Roles) is not null) is { } stranger)
            return duty.ObjectionTo(stranger.Roles);
        if (consents.DistinctBy(c => c.Officer).Count() < consents.Length)
            return new("5-2-2①", "the same person twice is one person");
        if (consents.DistinctBy(c => c.CertificateSha256).Count() < consents.Length)
            return new("5-2-2①", "the same card twice is one person");
        if (consents.Length < duty.People)
            return new(duty.Clause, $"needs {duty.People} × {duty.Roles[0]}, has {consents.Length}");
        return duty.IsInstructed && approval.InstructedBy is null
            ? new("5-2-2②", "the CA manager has not instructed it")
            : null;
    }
}
