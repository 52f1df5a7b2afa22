namespace Jpki.Repository;

/// <summary>The result codes this server gives, by their names in RFC 4511 appendix A.</summary>
internal enum ResultCode
{
    Success = 0,
    OperationsError = 1,
    ProtocolError = 2,
    TimeLimitExceeded = 3,
    SizeLimitExceeded = 4,
    CompareFalse = 5,
    CompareTrue = 6,
    AuthMethodNotSupported = 7,
    AdminLimitExceeded = 11,
    UnavailableCriticalExtension = 12,
    ConfidentialityRequired = 13,
    NoSuchAttribute = 16,
    UndefinedAttributeType = 17,
    InappropriateMatching = 18,
    NoSuchObject = 32,
    InvalidDnSyntax = 34,
    InappropriateAuthentication = 48,
    InvalidCredentials = 49,
    InsufficientAccessRights = 50,
    Busy = 51,
    Unavailable = 52,
    UnwillingToPerform = 53,
}

/// <summary>What an operation came to. LDAPResult (RFC 4511 4.1.9)</summary>
internal sealed record LdapResult(ResultCode Code, string Diagnostic = "", string MatchedDn = "")
{
    internal static LdapResult Success { get; } = new(ResultCode.Success);
}

/// <summary>The tags of protocolOp. (RFC 4511 4.2 – 4.14)</summary>
internal static class Op
{
    internal const byte BindRequest = 0x60;
    internal const byte BindResponse = 0x61;
    internal const byte UnbindRequest = 0x42;
    internal const byte SearchRequest = 0x63;
    internal const byte SearchResultEntry = 0x64;
    internal const byte SearchResultDone = 0x65;
    internal const byte ModifyRequest = 0x66;
    internal const byte AddRequest = 0x68;
    internal const byte DelRequest = 0x4A;
    internal const byte ModDnRequest = 0x6C;
    internal const byte CompareRequest = 0x6E;
    internal const byte AbandonRequest = 0x50;
    internal const byte ExtendedRequest = 0x77;
    internal const byte ExtendedResponse = 0x78;

    /// <summary>The response that answers a request of that tag; null when none does.</summary>
    internal static byte? ResponseTo(byte request) => request switch
    {
        BindRequest => BindResponse,
        SearchRequest => SearchResultDone,
        ModifyRequest or AddRequest or ModDnRequest or CompareRequest or ExtendedRequest => (byte)(request + 1),
        DelRequest => 0x6B,
        _ => null,
    };

    internal static bool IsRequest(byte tag) => ResponseTo(tag) is not null || tag is UnbindRequest or AbandonRequest;
}

/// <summary>Object identifiers of the protocol.</summary>
internal static class LdapOids
{
    internal const string StartTls = "1.3.6.1.4.1.1466.20037";
    internal const string NoticeOfDisconnection = "1.3.6.1.4.1.1466.20036";
    internal const string WhoAmI = "1.3.6.1.4.1.4203.1.11.3";
    internal const string PagedResults = "1.2.840.113556.1.4.319";
    internal const string AllOperationalAttributes = "1.3.6.1.4.1.4203.1.5.1";
    internal const string TrueFalseFilters = "1.3.6.1.4.1.4203.1.5.3";
}
