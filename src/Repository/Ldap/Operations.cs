using System.Security.Cryptography.X509Certificates;
using Jpki.Forms;

namespace Jpki.Repository;

/// <summary>What the connection does after an answer.</summary>
internal enum After
{
    GoOn,
    Close,
    StartTls,
}

/// <summary>Answers the requests of one connection, one after the other. (RFC 4511 4)</summary>
internal sealed class Operations(LdapServer server, Replies replies, string source)
{
    private const string ReadOnly = "this directory is read-only; the Authority publishes into it (CPS 2-6-1)";

    private readonly List<Task> records = [];
    private int failedBinds;

    internal Replies Replies { get; private set; } = replies;

    internal bool IsConfidential { get; set; }

    internal X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Who has bound here; null for everybody else.</summary>
    internal Admission? Admission { get; private set; }

    /// <summary>Sends what was answered so far, once all that was read for it is in the log. (CPS 4-11-2)</summary>
    internal async ValueTask Send()
    {
        if (records.Count > 0)
        {
            await Task.WhenAll(records);
            records.Clear();
        }
        if (Replies.Unflushed > 0)
            await Replies.Flush();
    }

    internal Task Record(string what, string result, string? about = null) =>
        server.Shelves.Log.Record(what, result, Admission?.Id ?? source, about);

    /// <summary>
    /// The connection is behind TLS from here on, and whoever had bound before has not. (RFC 4513 3.1.5)
    /// </summary>
    internal void Secured(Replies secured, X509Certificate? remote)
    {
        (Replies, IsConfidential, Admission) = (secured, true, null);
        ClientCertificate = remote as X509Certificate2;
    }

    internal ValueTask<After> Answer(Request request)
    {
        if (Objection(request) is { } objection)
            return Say(request.Id, objection.Op, objection.Result);
        return request switch
        {
            SearchRequest search => new SearchOperation(server, this, search).Answer(),
            BindRequest bind => Bind(bind),
            CompareRequest compare => Say(compare.Id, Op.ResponseTo(Op.CompareRequest)!.Value, Compare(compare)),
            ExtendedRequest extended => Extended(extended),
            ChangeRequest change =>
                Say(change.Id, Op.ResponseTo(change.Op)!.Value, new(ResultCode.UnwillingToPerform, ReadOnly)),
            UnbindRequest => ValueTask.FromResult(After.Close),
            // Requests are answered in order, so what is to be abandoned is done already. (RFC 4511 4.11)
            _ => ValueTask.FromResult(After.GoOn),
        };
    }

    internal void AcceptStartTls(int id) => Extended(id, LdapResult.Success, LdapOids.StartTls);

    /// <summary>
    /// Octets that came before the answer came in clear: they are nobody's request. (RFC 4511 4.14.1)
    /// </summary>
    internal void RefuseStartTls(int id) =>
        Extended(
            id, new(ResultCode.OperationsError, "requests came after StartTLS before its answer"), LdapOids.StartTls);

    /// <summary>Keeps that act for the log; the answer waits for it.</summary>
    internal void Keep(Task record) => records.Add(record);

    /// <summary>Whether the restricted shelf is open to this connection now. (CPS 2-6-3)</summary>
    internal bool MaySeeRestricted() => Admission is not null && server.Readers.Admits(Admission);

    private static (byte Op, LdapResult Result)? Objection(Request request)
    {
        if (request is UnreadableRequest unreadable)
            return Op.ResponseTo(unreadable.Op) is { } response ? (response, unreadable.Answer) : null;
        if (request.Controls.Count == 0 || request is UnbindRequest or AbandonRequest)
            return null;
        var isSearch = request is SearchRequest;
        return request.Controls
            .FirstOrDefault(c => c.IsCritical && !(isSearch && c.Oid == LdapOids.PagedResults)) is { } control
            ? (ResponseTo(request), new(ResultCode.UnavailableCriticalExtension, $"no control {control.Oid} here"))
            : null;
    }

    private static byte ResponseTo(Request request) => request switch
    {
        SearchRequest => Op.SearchResultDone,
        BindRequest => Op.BindResponse,
        ChangeRequest change => Op.ResponseTo(change.Op)!.Value,
        CompareRequest => Op.ResponseTo(Op.CompareRequest)!.Value,
        _ => Op.ExtendedResponse,
    };

    private ValueTask<After> Say(int id, byte op, LdapResult result)
    {
        Replies.Done(id, op, result);
        return ValueTask.FromResult(After.GoOn);
    }

    private async ValueTask<After> Bind(BindRequest request)
    {
        Admission = null; // RFC 4511 4.2.1: whoever was bound is not any more, however this ends
        var (admission, result) = await Authentication.Of(request, server, IsConfidential, ClientCertificate);
        if (result.Code == ResultCode.Success)
            Admission = admission;
        else if (result.Code == ResultCode.InvalidCredentials)
            failedBinds++;
        if (admission is not null || result.Code == ResultCode.InvalidCredentials)
            Keep(Record("ldap bind", result.Code == ResultCode.Success ? "ok" : "refused: invalid credentials"));
        Replies.Done(request.Id, Op.BindResponse, result);
        return failedBinds < server.Settings.Limits.MaxFailedBinds ? After.GoOn : After.Close;
    }

    private ValueTask<After> Extended(ExtendedRequest request)
    {
        switch (request.Name)
        {
            case LdapOids.WhoAmI:
                var identity = Admission is null ? "" : "dn:" + Admission.LdapDn;
                Replies.Done(request.Id, Op.ExtendedResponse, LdapResult.Success,
                    Ber.Element(0x8B, System.Text.Encoding.UTF8.GetBytes(identity)));
                break;
            case LdapOids.StartTls when IsConfidential:
                Extended(request.Id, new(ResultCode.OperationsError, "TLS is on already"), LdapOids.StartTls);
                break;
            case LdapOids.StartTls when server.Settings.Tls is null:
                Extended(request.Id, new(ResultCode.Unavailable, "no TLS on this port"), LdapOids.StartTls);
                break;
            case LdapOids.StartTls:
                return ValueTask.FromResult(After.StartTls);
            default:
                Extended(request.Id, new(ResultCode.ProtocolError, "no such extended operation here"), null);
                break;
        }
        return ValueTask.FromResult(After.GoOn);
    }

    private void Extended(int id, LdapResult result, string? name) => Replies.Done(id, Op.ExtendedResponse, result,
        name is null ? null : Ber.Element(0x8A, System.Text.Encoding.ASCII.GetBytes(name)));

    private LdapResult Compare(CompareRequest request)
    {
        try
        {
            var tree = server.Shelves.Tree;
            if (tree.Find(request.Entry, out var dn) is not { } entry)
                return new(ResultCode.NoSuchObject, "", tree.NearestAbove(dn));
            if (Schema.FindDescription(request.Attribute) is not { } type)
                return new(ResultCode.UndefinedAttributeType, request.Attribute);
            if (type.IsRestricted && !MaySeeRestricted())
                return Restriction.Refused;
            if (entry.Find(type) is not { } attribute)
                return new(ResultCode.NoSuchAttribute);
            if (Assertion.Of(type, request.Value) is not { } assertion)
                return new(ResultCode.InappropriateMatching, "no such value can be compared");
            if (type.IsRestricted)
                Keep(Record(Restriction.Act, "ok", entry.Name));
            return new(attribute.Matches(assertion) ? ResultCode.CompareTrue : ResultCode.CompareFalse);
        }
        catch (FormatException notDn)
        {
            return new(ResultCode.InvalidDnSyntax, notDn.Message);
        }
    }
}
