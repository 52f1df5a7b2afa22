using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Net;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.Tests.Rooms.X509.Paths;
using Jpki.Validation;
using Jpki.X509;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jpki.Tests.Rooms.Validation;

/// <summary>
/// An official's certificate, two authorities away from the anchor: what is missing lies in OpenLDAP's directory and on
/// a web server, as a p7c that OpenSSL packed.
/// </summary>
public sealed class FetchingTests : IDisposable
{
    private readonly Hierarchy root = new("Root"), bridge = new("Bridge"), ministry = new("Ministry");
    private readonly ScratchFolder scratch = new();
    private readonly HttpListener web = new();
    private readonly ConcurrentDictionary<string, byte[]> pages = new();
    private readonly string host = $"127.0.0.1:{Slapd.FreePort()}";
    private readonly Certificate official;
    private readonly List<LedgerEvent> log = [];

    public FetchingTests()
    {
        official = ministry.Leaf(
            Extensions.AuthorityInfoAccess(new AccessDescription(Oids.AccessCaIssuers, Place("ministry.p7c"))),
            Extensions.CrlDistributionPoints(new DistributionPoint(new([Place("ministry.crl")]))));
        var ministrys = scratch.WritePem("ministry.pem", "CERTIFICATE", bridge.Certify(ministry).Der);
        pages["/ministry.p7c"] = Tool.Run(
            "openssl", "crl2pkcs7", "-nocrl", "-certfile", ministrys, "-outform", "DER").Succeeded().Output;
        pages["/ministry.crl"] = ministry.List().Der.ToArray();
        web.Prefixes.Add($"http://{host}/");
        web.Start();
        _ = Serve();
    }

    [Fact, Cps("2-1-2(12)")]
    public async Task What_is_missing_is_fetched_by_LDAP_and_HTTP()
    {
        using var slapd = Slapd.Start(scratch, Directory());
        using var room = Room(slapd.Url, host);

        var answer = await Ask(room);

        Assert.True(answer.Valid, answer.Reason);
        Assert.Equal(4, answer.Path.Count);
        Assert.Equal("valid", Assert.Single(log).Result);
        Assert.Contains(official.Serial.ToString(), log[0].About, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_outside_the_list_is_asked()
    {
        using var slapd = Slapd.Start(scratch, Directory());
        using var room = Room(slapd.Url);

        var answer = await Ask(room);

        Assert.False(answer.Valid);
        Assert.StartsWith("invalid: ", Assert.Single(log).Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_does_not_answer_is_told()
    {
        pages.Clear();
        using var room = Room($"ldap://127.0.0.1:{Slapd.FreePort()}", host);

        var answer = await Ask(room);

        Assert.False(answer.Valid);
        Assert.Contains(answer.Tried, t => t.Contains("does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_never_ends_is_cut_off()
    {
        pages["/ministry.p7c"] = new byte[3 << 20];
        using var room = Room($"ldap://127.0.0.1:{Slapd.FreePort()}", host);

        Assert.Contains((await Ask(room)).Tried, t => t.Contains("more than 1048576 octets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_question_is_no_question()
    {
        using var room = Room("ldap://127.0.0.1:1");

        await Assert.ThrowsAsync<JsonException>(
            () => room.Validate("{"u8.ToArray(), "test", TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        web.Close();
        scratch.Dispose();
        root.Dispose();
        bridge.Dispose();
        ministry.Dispose();
    }

    /// <summary>
    /// The bridge's certificate only in a pair, as RFC 4523 2.3 has it; the lists in their issuers' entries.
    /// </summary>
    private string Directory()
    {
        AsnWriter pair = new(AsnEncodingRules.DER);
        using (pair.PushSequence())
        using (pair.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
            pair.WriteEncodedValue(root.Certify(bridge).Der.Span);
        return $"""
            dn: c=JP
            objectClass: country
            c: JP

            dn: o=Test,c=JP
            objectClass: organization
            o: Test

            dn: cn=Root,o=Test,c=JP
            objectClass: organizationalRole
            objectClass: pkiCA
            cn: Root
            authorityRevocationList;binary:: {Convert.ToBase64String(root.List().Der.Span)}

            dn: cn=Bridge,o=Test,c=JP
            objectClass: organizationalRole
            objectClass: pkiCA
            cn: Bridge
            crossCertificatePair;binary:: {Convert.ToBase64String(pair.Encode())}
            certificateRevocationList;binary:: {Convert.ToBase64String(bridge.List().Der.Span)}

            """;
    }

    private ValidationRoom Room(string directory, params string[] hosts)
    {
        Uri place = new(directory);
        return new(new()
        {
            Anchors = () => [root.SelfSigned],
            Limits = new()
            {
                Hosts = new HashSet<string>([$"{place.Host}:{place.Port}", .. hosts]),
                Directory = place,
                Octets = 1 << 20,
            },
            Record = e =>
            {
                log.Add(e);
                return Task.CompletedTask;
            },
            Clock = new FakeTimeProvider(Hierarchy.Noon),
        });
    }

    private Task<ValidationAnswer> Ask(ValidationRoom room) => room.Validate(
        JsonSerializer.SerializeToUtf8Bytes(
            new ValidationRequest { Target = official.Der.ToArray() }, FormJson.Options),
        "test", TestContext.Current.CancellationToken);

    private GeneralName Place(string file) =>
        GeneralName.Of(GeneralNameKind.UniformResourceIdentifier, $"http://{host}/{file}");

    private async Task Serve()
    {
        while (web.IsListening)
        {
            try
            {
                var request = await web.GetContextAsync();
                var isThere = pages.TryGetValue(request.Request.Url!.AbsolutePath, out var page);
                request.Response.StatusCode = isThere ? 200 : 404;
                request.Response.Close(page ?? [], willBlock: false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // closed, or a caller who has seen enough
            }
        }
    }
}
