using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Jpki.Repository;

/// <summary>
/// One connection from its first octet to its last: takes requests out of the pipe, answers them in order, and sends
/// the answers of a pipelined batch together, once every read among them is in the log. (RFC 4511 3.1, 5)
/// </summary>
internal sealed class LdapSession : IAsyncDisposable
{
    private readonly ConnectionContext connection;
    private readonly LdapServer server;
    private readonly Patience patience;
    private PipeReader input;
    private PipeWriter output;
    private SslStream? tls;

    internal LdapSession(ConnectionContext connection, LdapServer server)
    {
        (this.connection, this.server) = (connection, server);
        (input, output) = (connection.Transport.Input, connection.Transport.Output);
        patience = new(server.Settings.Limits, server.Clock);
        var handshake = connection.Features.Get<ITlsConnectionFeature>();
        Operations = new(server, new(output), SourceOf(connection))
        {
            IsConfidential = connection.Features.Get<ITlsHandshakeFeature>() is not null,
            ClientCertificate = handshake?.ClientCertificate,
        };
    }

    private Operations Operations { get; }

    /// <summary>Too many are here already.</summary>
    internal async Task TurnAway()
    {
        Operations.Replies.NoticeOfDisconnection(new(ResultCode.Unavailable, "too many connections"));
        await Operations.Replies.Flush();
    }

    internal async Task Run()
    {
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(_ => Tick(), this);
        try
        {
            while (await Turn())
            {
            }
        }
        catch (FormatException malformed)
        {
            await Operations.Record("ldap request", $"malformed: {malformed.Message}");
            Operations.Replies.NoticeOfDisconnection(new(ResultCode.ProtocolError, malformed.Message));
        }
        await Flush();
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (tls is null)
            return;
        await tls.ShutdownAsync();
        await tls.DisposeAsync();
        tls = null;
    }

    /// <summary>
    /// Reads once and answers every request that is there whole. False when the connection is at its end.
    /// </summary>
    private async ValueTask<bool> Turn()
    {
        var read = await input.ReadAsync();
        if (read.IsCanceled)
        {
            Operations.Replies.NoticeOfDisconnection(new(ResultCode.Unavailable, patience.Complaint));
            return false;
        }
        var buffer = read.Buffer;
        var (consumed, next) = await AnswerAll(buffer);
        var left = buffer.Slice(consumed);
        patience.Received(isRequestComplete: left.Length < buffer.Length, isPartial: !left.IsEmpty);
        input.AdvanceTo(consumed, buffer.End);
        await Flush();
        return next == After.StartTls ? await StartTls() : next == After.GoOn && !read.IsCompleted;
    }

    private async ValueTask<(SequencePosition Consumed, After Next)> AnswerAll(ReadOnlySequence<byte> buffer)
    {
        while (TryTake(ref buffer, out var pdu))
        {
            var request = Read(pdu);
            var next = await Operations.Answer(request);
            if (next == After.StartTls && !buffer.IsEmpty)
            {
                Operations.RefuseStartTls(request.Id);
                next = After.Close;
            }
            if (next != After.GoOn)
            {
                if (next == After.StartTls)
                    Operations.AcceptStartTls(request.Id);
                return (buffer.Start, next);
            }
            if (Operations.Replies.Unflushed > server.Settings.Limits.FlushAt)
                await Flush();
        }
        return (buffer.Start, After.GoOn);
    }

    private async ValueTask Flush()
    {
        patience.BeginWriting();
        await Operations.Send();
        patience.EndWriting();
    }

    private Request Read(in ReadOnlySequence<byte> pdu) => pdu.IsSingleSegment
        ? RequestReader.Read(pdu.FirstSpan, server.Settings.Limits)
        : RequestReader.Read(pdu.ToArray(), server.Settings.Limits);

    /// <summary>Cuts the next whole message off the buffer; false when it is not all there yet.</summary>
    private bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> pdu)
    {
        pdu = default;
        if (buffer.IsEmpty)
            return false;
        Span<byte> start = stackalloc byte[Ber.MaxHeader];
        start = start[..(int)Math.Min(start.Length, buffer.Length)];
        buffer.Slice(0, start.Length).CopyTo(start);
        if (start[0] != Ber.Sequence)
            throw new FormatException("not an LDAPMessage");
        if (!BerReader.TryReadHeader(start, out var header, out var length))
            return false;
        var limits = server.Settings.Limits;
        var most = Operations.Admission is null ? limits.MaxPduAnonymous : limits.MaxPduBound;
        if (length > most - header)
            throw new FormatException($"a request of more than {most} octets");
        if (buffer.Length < header + length)
            return false;
        pdu = buffer.Slice(0, header + length);
        buffer = buffer.Slice(pdu.End);
        return true;
    }

    private async ValueTask<bool> StartTls()
    {
        DuplexStream plain = new(input, output);
        tls = new SslStream(plain, leaveInnerStreamOpen: true);
        using CancellationTokenSource late = new(server.Settings.Limits.HandshakeTimeout, server.Clock);
        try
        {
            await tls.AuthenticateAsServerAsync(server.Settings.Tls!, late.Token);
        }
        catch (System.Security.Authentication.AuthenticationException failed)
        {
            throw new IOException("TLS handshake", failed);
        }
        (input, output) = (PipeReader.Create(tls), PipeWriter.Create(tls));
        Operations.Secured(new(output), tls.RemoteCertificate);
        return true;
    }

    private void Tick()
    {
        switch (patience.Verdict())
        {
            case Waiting.TooLongForRequest:
                input.CancelPendingRead();
                break;
            case Waiting.TooLongForReader:
                connection.Abort(new("the caller does not read"));
                break;
        }
    }

    private static string SourceOf(ConnectionContext connection) => connection.RemoteEndPoint?.ToString() ?? "unknown";
}
