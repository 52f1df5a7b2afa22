using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Repository;

/// <summary>Who may read the restricted shelf, as of the newest admission list. 署名検証者等 (CPS 2-6-3, 4-4-4-5)</summary>
internal sealed class AdmittedReaders(Func<AdmissionList> current, DirectoryLimits limits) : IDisposable
{
    private readonly SemaphoreSlim turns = new(limits.MaxPasswordChecks);
    private volatile Index index = new(new(0, []));
    private int waiting;

    /// <summary>Whether somebody let in earlier is admitted still.</summary>
    internal bool Admits(Admission admission) => Current().ById.ContainsKey(admission.Id);

    internal Admission? ByCertificate(string sha256) => Current().ByCertificate.GetValueOrDefault(sha256);

    /// <summary>Whom that name and password let in; the code says why nobody.</summary>
    internal async Task<(Admission? Admission, ResultCode Code)> ByPassword(Dn name, string password)
    {
        if (Interlocked.Increment(ref waiting) > limits.MaxWaitingBinds)
        {
            Interlocked.Decrement(ref waiting);
            return (null, ResultCode.Busy);
        }
        await turns.WaitAsync();
        try
        {
            // An unknown name costs as much as a wrong password, so that time does not tell which it was.
            var (known, found) = Current() is var now && now.ByName.TryGetValue(name, out var admission)
                ? (admission, true) : (now.Any, false);
            var isRight = known is not null
                && await Task.Run(() => PasswordHash.Verify(password, known.LdapPasswordHash));
            return found && isRight ? (known, ResultCode.Success) : (null, ResultCode.InvalidCredentials);
        }
        finally
        {
            turns.Release();
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => turns.Dispose();

    private Index Current()
    {
        var list = current();
        var known = index;
        if (!ReferenceEquals(known.List, list))
            index = known = new(list);
        return known;
    }

    private sealed class Index
    {
        internal Index(AdmissionList list)
        {
            List = list;
            foreach (var admission in list.Admitted)
            {
                ById[admission.Id] = admission;
                ByName[Dn.Parse(admission.LdapDn)] = admission;
                ByCertificate[admission.ClientCertificateSha256] = admission;
            }
        }

        internal AdmissionList List { get; }

        internal Dictionary<string, Admission> ById { get; } = [];

        internal Dictionary<Dn, Admission> ByName { get; } = [];

        internal Dictionary<string, Admission> ByCertificate { get; } = new(StringComparer.OrdinalIgnoreCase);

        internal Admission? Any => List.Admitted.Count > 0 ? List.Admitted[0] : null;
    }
}
