using System.Formats.Asn1;
using System.Net;

namespace Jpki.X509.Paths;

/// <summary>
/// Is a name within a subtree? Form by form, as RFC 5280 4.2.1.10 says. A name that cannot be understood is in none.
/// </summary>
internal static class NameMatch
{
    private const int V4 = 4;
    private const int V6 = 16;

    /// <summary>Throws for a subtree that means nothing: half an address, a wildcard, a leading dot.</summary>
    public static void CheckSubtree(GeneralName subtree)
    {
        var isSound = subtree.Kind switch
        {
            GeneralNameKind.IpAddress => IsRange(subtree.IpAddress.Span),
            GeneralNameKind.DnsName => IsHost(subtree.Text!),
            GeneralNameKind.Rfc822Name or GeneralNameKind.UniformResourceIdentifier => subtree.Text!.Length > 0,
            _ => true,
        };
        if (!isSound)
            throw new AsnContentException($"a subtree of the form {subtree.Kind} is none");
    }

    public static bool IsWithin(GeneralName name, GeneralName subtree) => name.Kind switch
    {
        GeneralNameKind.DirectoryName => name.DirectoryName!.IsWithin(subtree.DirectoryName!),
        GeneralNameKind.DnsName => IsBelow(Host(name.Text), Host(subtree.Text)),
        GeneralNameKind.IpAddress => IsInRange(name.IpAddress.Span, subtree.IpAddress.Span),
        GeneralNameKind.Rfc822Name => IsMailboxWithin(name.Text, subtree.Text!),
        GeneralNameKind.UniformResourceIdentifier => IsHostWithin(HostOf(name.Text), subtree.Text!),
        _ => false,
    };

    /// <summary>
    /// For exclusion a doubt counts against the name: a form nobody here compares, a name nobody can read, and a
    /// wildcard that stands for an excluded name too.
    /// </summary>
    public static bool MayBeWithin(GeneralName name, GeneralName subtree) => name.Kind switch
    {
        GeneralNameKind.DnsName => IsWithin(name, subtree) || IsWildcardFor(name.Text!, Host(subtree.Text)),
        GeneralNameKind.Rfc822Name => name.Text?.Contains('@') is not true || IsWithin(name, subtree),
        GeneralNameKind.UniformResourceIdentifier => HostOf(name.Text) is null || IsWithin(name, subtree),
        GeneralNameKind.DirectoryName or GeneralNameKind.IpAddress => IsWithin(name, subtree),
        _ => true,
    };

    /// <summary>The mailbox's local part is compared to the letter, its host is not (RFC 5280 7.5).</summary>
    public static bool IsSameMailbox(string left, string right)
    {
        var (a, b) = (left.LastIndexOf('@'), right.LastIndexOf('@'));
        return a >= 0 && b >= 0 && left[..a] == right[..b] && IsSame(left[a..], right[b..]);
    }

    /// <summary>Host names compare without case, and with or without the root's dot.</summary>
    public static string Host(string? text) => text is [.., '.'] ? text[..^1] : text ?? "";

    public static bool IsSame(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static bool IsBelow(string host, string domain) => domain.Length == 0 || IsSame(host, domain)
        || (host.Length > domain.Length && host[^(domain.Length + 1)] == '.'
            && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    /// <summary>Could <c>*.example.com</c> stand for the excluded <c>bar.example.com</c>, or lie below it?</summary>
    private static bool IsWildcardFor(string name, string domain) =>
        name.StartsWith("*.", StringComparison.Ordinal)
        && domain.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot
        && IsSame(domain[(dot + 1)..], Host(name[2..]));

    private static bool IsMailboxWithin(string? mailbox, string subtree)
    {
        if (mailbox is null || mailbox.LastIndexOf('@') is not (> 0 and var at))
            return false;
        return subtree.Contains('@') ? IsSameMailbox(mailbox, subtree) : IsHostWithin(mailbox[(at + 1)..], subtree);
    }

    /// <summary>Mailboxes and URIs: a leading dot means every host below, else the one host is meant.</summary>
    private static bool IsHostWithin(string? host, string subtree) => host is not null
        && (subtree.StartsWith('.') ? IsBelow(Host(host), subtree[1..]) && !IsSame(Host(host), subtree[1..])
            : IsSame(Host(host), Host(subtree)));

    /// <summary>The host of a URI with an authority; null when it has none, or an address in its place.</summary>
    private static string? HostOf(string? uri)
    {
        if (uri?.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var start))
            return null;
        var authority = uri[(start + 3)..];
        if (authority.AsSpan().IndexOfAny('/', '?', '#') is >= 0 and var end)
            authority = authority[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        if (authority.StartsWith('['))
            return null;
        var host = authority.Split(':')[0];
        return host.Length == 0 || IPAddress.TryParse(host, out _) ? null : host;
    }

    private static bool IsInRange(ReadOnlySpan<byte> address, ReadOnlySpan<byte> range)
    {
        if (address.Length is not (V4 or V6) || range.Length != 2 * address.Length)
            return false;
        for (var i = 0; i < address.Length; i++)
        {
            if (((address[i] ^ range[i]) & range[address.Length + i]) != 0)
                return false;
        }
        return true;
    }

    /// <summary>An address and a mask of ones followed by zeros (RFC 4632 3.1).</summary>
    private static bool IsRange(ReadOnlySpan<byte> range)
    {
        if (range.Length is not (2 * V4 or 2 * V6))
            return false;
        var isOver = false;
        foreach (var octet in range[(range.Length / 2)..])
        {
            var zeros = 0xFF - octet;
            if ((zeros & (zeros + 1)) != 0 || (isOver && octet != 0))
                return false;
            isOver |= octet != 0xFF;
        }
        return true;
    }

    private static bool IsHost(string text) => text.Length == 0
        || (!text.StartsWith('.') && !text.Contains('*') && !text.Contains("..", StringComparison.Ordinal)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'));
}
