using System.Collections.Concurrent;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>
/// Signed answers that may be given again: to a question about one certificate, without a nonce, as long as the status
/// is the one they tell, and for a minute at most.
/// </summary>
internal sealed class AnswerCache
{
    private const int Capacity = 4096;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<CertId, Answer> answers = [];

    public byte[]? Find(CertId certId, in CertificateStatus status, Delegation delegation, DateTimeOffset at) =>
        answers.TryGetValue(certId, out var answer)
        && answer.Status == status && answer.Delegation == delegation && at - answer.At is var age
        && age >= TimeSpan.Zero && age < Lifetime
            ? answer.Response
            : null;

    public void Keep(
        CertId certId, in CertificateStatus status, Delegation delegation, DateTimeOffset at, byte[] response)
    {
        // Emptying it all costs one signature for each answer still wanted, and no bookkeeping for each one given.
        if (answers.Count >= Capacity)
            answers.Clear();
        answers[certId] = new(status, delegation, at, response);
    }

    private sealed record Answer(CertificateStatus Status, Delegation Delegation, DateTimeOffset At, byte[] Response);
}
