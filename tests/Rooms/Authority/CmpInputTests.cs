using System.Formats.Asn1;
using System.Security.Cryptography;
using Jpki.Authority.Cmp;
using Org.BouncyCastle.Asn1.Cmp;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>Strangers' octets at the CMP door: one kind of answer, whatever they are.</summary>
public sealed class CmpInputTests : IAsyncLifetime
{
    private const int Mutations = 3000;

    private readonly ScratchFolder folder = new();
    private AuthorityHouse house = null!;

    public async ValueTask InitializeAsync() => house = await AuthorityHouse.Open();

    public async ValueTask DisposeAsync()
    {
        await house.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("ir")]
    [InlineData("kur")]
    [InlineData("rr")]
    public async Task Mutations_of_openssls_messages_are_answered_or_refused(string command)
    {
        var seed = Made(command);
        using var random = RandomNumberGenerator.Create();
        CmpDesk desk = new(house.Room, () => house.Elsewhere.Certificate, random);
        uint state = 7;

        Assert.NotEmpty(await desk.Answer(seed, house.Terminal));
        for (var i = 0; i < Mutations; i++)
            await Refusable(desk, Mutate(seed, ref state));
    }

    [Fact]
    public void A_message_nested_too_deep_is_refused_before_anybody_follows_it()
    {
        var nested = Enumerable.Range(0, 10_000).Aggregate(new byte[] { 5, 0 }, (inner, _) => inner.Length < 60_000
            ? Wrap(inner) : inner);

        Assert.Throws<AsnContentException>(() => CmpMessage.Read(nested));
        Assert.Throws<AsnContentException>(() => CmpMessage.Read(new byte[CmpMessage.MaxOctets + 1]));
    }

    /// <summary>The contents too, which the protection of a mutation would keep from being read.</summary>
    private async Task Refusable(CmpDesk desk, byte[] octets)
    {
        try
        {
            await desk.Answer(octets, house.Terminal);
            var message = CmpMessage.Read(octets);
            _ = message.Body.Type == PkiBody.TYPE_REVOCATION_REQ
                ? CmpNotices.OfficerOf(CmpContents.Revocation(message.Body).Extensions)
                : Asked(message);
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            // The answer to bad bytes.
        }
    }

    private string Asked(CmpMessage message)
    {
        var asked = CmpContents.Request(message.Body);
        return $"{asked.Key.IsProven()}{CmpNotices.Issuance(message, asked, house.Terminal, house.Clock.GetUtcNow())}";
    }

    private byte[] Made(string command)
    {
        var (key, file) = (folder["key.pem"], folder["request.der"]);
        Tool.Run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-subj", "/CN=x", "-out",
            folder["certificate.pem"]).Succeeded();
        Tool.Run("openssl", "cmp", "-config", "", "-cmd", command, "-use_mock_srv", "-srv_ref", "x", "-srv_secret",
            "pass:x", "-ref", house.Terminal.Id, "-secret", "pass:x", "-newkey", key, "-subject", "/CN=x", "-recipient",
            "/CN=y", "-oldcert", folder["certificate.pem"], "-revreason", "1", "-reqout", file, "-certout",
            folder["out.pem"]);
        return File.ReadAllBytes(file);
    }

    private static byte[] Wrap(byte[] inner)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
            writer.WriteEncodedValue(inner);
        return writer.Encode();
    }

    /// <summary>Flips, writes over, cuts out or repeats a few octets.</summary>
    private static byte[] Mutate(byte[] seed, ref uint state)
    {
        var octets = seed.ToArray();
        for (var i = 0; i < 2; i++)
        {
            state = unchecked(state * 1664525u + 1013904223u);
            var at = (int)((state >> 8) % (uint)octets.Length);
            octets[at] = (byte)(
                (state & 1) == 0 ? octets[at] ^ (1 << (int)(state >> 4 & 7)) : (int)(state >> 16 & 0xFF));
        }
        return octets;
    }
}
