using System.Text;

namespace Jpki.Repository;

/// <summary>One search on its way through the tree, entry by entry.</summary>
internal sealed class SearchRun
{
    private readonly Tree tree;
    private readonly SearchRequest request;
    private readonly bool maySeeRestricted;
    private readonly Dn top;
    private Entry? single;
    private int next;
    private readonly int end;

    private SearchRun(Tree tree, SearchRequest request, bool maySeeRestricted, Dn top, Entry found)
    {
        (this.tree, this.request, this.maySeeRestricted, this.top) = (tree, request, maySeeRestricted, top);
        // RFC 4512 5.1: the root DSE and the subschema are in no naming context, so only a base search returns them.
        if (request.Scope == SearchScope.Base)
            single = found;
        else
            (next, end) = tree.Subtree(top);
    }

    /// <summary>Null and the answer to give, when there is nothing to search.</summary>
    internal static SearchRun? Start(Tree tree, SearchRequest request, bool maySeeRestricted, out LdapResult refusal)
    {
        refusal = LdapResult.Success;
        try
        {
            if (tree.Find(request.Base, out var dn) is { } found)
                return new(tree, request, maySeeRestricted, dn, found);
            refusal = new(ResultCode.NoSuchObject, "", tree.NearestAbove(dn));
        }
        catch (FormatException notDn)
        {
            refusal = new(ResultCode.InvalidDnSyntax, notDn.Message);
        }
        return null;
    }

    /// <summary>The next entry that the filter is true of; null after the last.</summary>
    internal Entry? Next()
    {
        if (single is { } only)
        {
            single = null;
            return Matches(only) ? only : null;
        }
        while (next < end)
        {
            var entry = tree[next++];
            var isInScope = request.Scope == SearchScope.Sub || (entry.Dn != top && entry.Dn.Parent == top);
            if (isInScope && Matches(entry))
                return entry;
        }
        return null;
    }

    /// <summary>Goes on after the entry a cookie names; false when that entry is gone. (RFC 2696)</summary>
    internal bool Resume(ReadOnlySpan<byte> cookie)
    {
        if (single is not null || tree.PositionOf(new(Encoding.UTF8.GetString(cookie))) is not { } last || last >= end)
            return false;
        next = Math.Max(next, last + 1);
        return true;
    }

    internal static byte[] CookieAfter(Entry entry) => Encoding.UTF8.GetBytes(entry.Dn.Key);

    private bool Matches(Entry entry) => request.Filter.Evaluate(entry, maySeeRestricted) == Truth.True;
}
