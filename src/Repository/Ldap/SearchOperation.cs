namespace Jpki.Repository;

/// <summary>
/// One search: finds, filters, leaves out what the reader may not see, and keeps within its limits. (RFC 4511 4.5)
/// </summary>
internal sealed class SearchOperation(LdapServer server, Operations operations, SearchRequest request)
{
    private readonly bool maySeeRestricted = operations.MaySeeRestricted();
    private readonly List<StoredAttribute> included = [];
    private Entry? leftOut;

    internal async ValueTask<After> Answer()
    {
        var (result, controls) = await Result();
        operations.Replies.Done(request.Id, Op.SearchResultDone, result, controls: controls);
        return After.GoOn;
    }

    private async ValueTask<(LdapResult Result, byte[]? Controls)> Result()
    {
        if (SearchRun.Start(server.Shelves.Tree, request, maySeeRestricted, out var refusal) is not { } run)
            return (refusal, null);
        var page = PageOf(request, out var malformed);
        if (page is null)
            return (malformed ?? (await Stream(run, null)).Result, null);
        if (page.Cookie.Length > 0 && !run.Resume(page.Cookie))
            return (new(ResultCode.UnwillingToPerform, "the cookie is of no search that can go on (RFC 2696 3)"), null);
        var (result, cookie) = await Stream(run, page);
        return (result, Replies.PagedResults(cookie ?? []));
    }

    private async ValueTask<(LdapResult Result, byte[]? Cookie)> Stream(SearchRun run, Page? page)
    {
        var limits = server.Settings.Limits;
        var most = request.SizeLimit == 0 ? limits.MaxEntries : Math.Min(request.SizeLimit, limits.MaxEntries);
        var started = server.Clock.GetTimestamp();
        Entry? last = null;
        for (var sent = 0; run.Next() is { } entry; sent++)
        {
            if (page is not null && sent == page.Size)
                return (Outcome(), last is null ? null : SearchRun.CookieAfter(last));
            if (sent == most)
                return (new(ResultCode.SizeLimitExceeded, $"{most} entries"), null);
            await Write(entry);
            last = entry;
            if (operations.Replies.Unflushed <= limits.FlushAt)
                continue;
            await operations.Send();
            if (server.Clock.GetElapsedTime(started) > TimeAllowed(limits))
                return (new(ResultCode.TimeLimitExceeded), null);
        }
        return (Outcome(), null);
    }

    private TimeSpan TimeAllowed(DirectoryLimits limits) =>
        request.TimeLimit > 0 && TimeSpan.FromSeconds(request.TimeLimit) is var asked && asked < limits.MaxSearchTime
            ? asked
            : limits.MaxSearchTime;

    /// <summary>
    /// Whoever asked for the restricted attribute alone is told by the result code, so that nobody takes its absence
    /// for an empty list; whoever asked for everything is told in passing.
    /// </summary>
    private LdapResult Outcome()
    {
        if (leftOut is null)
            return LdapResult.Success;
        if (!request.Selection.IsRestrictedOnly)
            return Restriction.LeftOut;
        operations.Keep(operations.Record(Restriction.Act, "refused: CPS 2-6-3", leftOut.Name));
        return Restriction.Refused;
    }

    private async ValueTask Write(Entry entry)
    {
        operations.Replies.BeginEntry(request.Id, entry, Include(entry));
        foreach (var attribute in included)
        {
            if (request.Selection.TypesOnly)
                operations.Replies.Write(attribute.EncodedType);
            else
                await Write(attribute);
        }
    }

    /// <summary>What of the entry is sent; gives its octets.</summary>
    private int Include(Entry entry)
    {
        included.Clear();
        foreach (var attribute in entry.Attributes)
        {
            if (!request.Selection.Includes(attribute.Type))
                continue;
            if (!attribute.Type.IsRestricted)
                included.Add(attribute);
            else
                Restricted(entry, attribute);
        }
        var octets = 0;
        foreach (var attribute in included)
            octets += request.Selection.TypesOnly ? attribute.EncodedType.Length : attribute.Length;
        return octets;
    }

    /// <summary>A long value is sent as it is read: no more of it is in memory than one flush.</summary>
    private async ValueTask Write(StoredAttribute attribute)
    {
        foreach (var piece in attribute.Pieces)
        {
            if (!piece.IsLong)
            {
                operations.Replies.Write(piece.All().Span);
                continue;
            }
            for (var sent = 0; sent < piece.Length;)
            {
                sent += operations.Replies.WriteSome(piece, sent);
                if (operations.Replies.Unflushed > server.Settings.Limits.FlushAt)
                    await operations.Send();
            }
        }
    }

    private void Restricted(Entry entry, StoredAttribute attribute)
    {
        if (maySeeRestricted)
            included.Add(attribute);
        else
            leftOut ??= entry;
        if (maySeeRestricted && !request.Selection.TypesOnly)
            operations.Keep(operations.Record(Restriction.Act, "ok", entry.Name));
    }

    /// <summary>The page a search asks for; null when it asks for none. (RFC 2696)</summary>
    private static Page? PageOf(SearchRequest request, out LdapResult? malformed)
    {
        malformed = null;
        if (request.Controls.FirstOrDefault(c => c.Oid == LdapOids.PagedResults) is not { } control)
            return null;
        try
        {
            BerReader outer = new(control.Value);
            var value = outer.Enter(Ber.Sequence);
            outer.End();
            Page page = new(value.ReadNumber(Ber.Integer), value.Read(Ber.OctetString).ToArray());
            value.End();
            return page;
        }
        catch (FormatException bad)
        {
            malformed = new(ResultCode.ProtocolError, $"paged results: {bad.Message}");
            return null;
        }
    }

    private sealed record Page(int Size, byte[] Cookie);
}
