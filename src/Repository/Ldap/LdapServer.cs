using Jpki.Forms;
using Microsoft.AspNetCore.Connections;

namespace Jpki.Repository;

/// <summary>
/// The directory's LDAPv3 door, plain (with StartTLS) or behind Kestrel's UseHttps. One instance serves both ports.
/// (RFC 4511) リポジトリ
/// </summary>
public sealed class LdapServer(
    Shelves shelves, Func<AdmissionList> admissions, LdapSettings settings, TimeProvider clock)
    : ConnectionHandler, IDisposable
{
    private int connections;

    internal Shelves Shelves => shelves;

    internal LdapSettings Settings => settings;

    internal AdmittedReaders Readers { get; } = new(admissions, settings.Limits);

    /// <summary>Connections open now.</summary>
    public int Connections => connections;

    /// <summary>Keeps time limits; the wall clock is the shelves' business.</summary>
    internal TimeProvider Clock => clock;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            LdapSession session = new(connection, this);
            if (Interlocked.Increment(ref connections) > settings.Limits.MaxConnections)
                await session.TurnAway();
            else
                await session.Run();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The caller hung up, in the middle of whatever it was: there is nobody left to tell.
        }
        finally
        {
            Interlocked.Decrement(ref connections);
        }
    }

    public void Dispose() => Readers.Dispose();
}
