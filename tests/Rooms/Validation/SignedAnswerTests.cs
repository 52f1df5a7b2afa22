using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Tests.Rooms.Authority;
using Jpki.Validation;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Validation;

/// <summary>The validation server's own certificate: got, renewed in time, ended, and what it signs.</summary>
public sealed class SignedAnswerTests
{
    [Fact, Cps("1-3-2③")]
    public async Task It_is_renewed_with_a_new_key_in_its_last_month_and_the_old_one_is_good_until_its_end()
    {
        await using var server = await Server.Begin();
        await server.Signer.Renew(CancellationToken.None);
        var first = server.Signer.Certificate!;

        server.House.Clock.SetUtcNow(first.NotAfter - TimeSpan.FromDays(31));
        await server.Signer.Renew(CancellationToken.None);
        Assert.Equal(first.Serial, server.Signer.Certificate!.Serial);
        server.House.Clock.SetUtcNow(first.NotAfter - TimeSpan.FromDays(29));
        await server.Signer.Renew(CancellationToken.None);
        var second = server.Signer.Certificate!;

        Assert.NotEqual(first.PublicKey, second.PublicKey);
        Assert.True(second.NotBefore < first.NotAfter);
        Assert.True(server.House.Room.Keys.KeyOf(first.Serial.ToString()) is { } key
            && server.House.Room.Store.Read(db => Books.Find(db, key))!.Stage == CertificateState.Issued);
        // Nobody asked in time: nothing is signed with what has ended.
        server.House.Clock.SetUtcNow(second.NotAfter + TimeSpan.FromDays(1));
        Assert.Null(server.Signer.Sign("{}"u8, server.House.Clock.GetUtcNow()));
        await server.Signer.Renew(CancellationToken.None);
        Assert.NotNull(server.Signer.Sign("{}"u8, server.House.Clock.GetUtcNow()));
    }

    [Fact, Cps("5-2-1-1(6)")]
    public async Task One_that_was_ended_is_replaced_at_the_next_asking_also_after_a_restart()
    {
        await using var server = await Server.Begin();
        await server.Signer.Renew(CancellationToken.None);
        var first = server.Signer.Certificate!;
        await OtherCertificates.Revoke(server.House.Room, server.House.Agreed(
            Duties.RevokeOtherCertificate,
            new OtherRevocation(first.Serial.ToString(), RevocationReason.KeyCompromise, "漏えい")));

        var restarted = server.NewSigner();
        await restarted.Renew(CancellationToken.None);
        await server.Signer.Renew(CancellationToken.None);

        Assert.NotEqual(first.PublicKey, restarted.Certificate!.PublicKey);
        Assert.NotEqual(first.PublicKey, server.Signer.Certificate!.PublicKey);
    }

    [Fact, Cps("2-1-2(12)")]
    public async Task OpenSSL_finds_the_signature_over_header_and_answer_right()
    {
        await using var server = await Server.Begin();
        await server.Signer.Renew(CancellationToken.None);

        var jws = Encoding.ASCII.GetString(server.Signer.Sign("""{"valid":true}"""u8, server.House.Clock.GetUtcNow())!);

        var parts = jws.Split('.');
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        using ScratchFolder scratch = new();
        var certificate = scratch.Write(
            "v.cer", header.RootElement.GetProperty("x5c")[0].GetBytesFromBase64());
        var key = scratch.Write("v.pub", Tool.Run(
            "openssl", "x509", "-in", certificate, "-noout", "-pubkey").Succeeded().Output);
        Tool.Run(
            "openssl", "dgst", "-sha256", "-verify", key,
            "-signature", scratch.Write("signature", Base64Url.DecodeFromChars(parts[2])),
            scratch.Write("signed", Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"))).Succeeded();
        Assert.Equal("""{"valid":true}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
    }

    private sealed class Server : IAsyncDisposable
    {
        private readonly ScratchFolder scratch = new();
        private AuthorityDoor door = null!;

        public AuthorityHouse House { get; private set; } = null!;

        public AnswerSigner Signer { get; private set; } = null!;

        public static async Task<Server> Begin()
        {
            Server server = new() { House = await AuthorityHouse.Open() };
            server.door = await AuthorityDoor.Open(server.House, CallerRole.ValidationServer, "validation-1");
            server.Signer = server.NewSigner();
            return server;
        }

        public AnswerSigner NewSigner() => new(new()
        {
            Authority = door.Client,
            Hsm = new SoftwareHsm(scratch["keys"]),
            Folder = scratch["validation"],
            ServerName = Name.Parse("CN=validation-1"),
            Clock = House.Clock,
        });

        public async ValueTask DisposeAsync()
        {
            await door.DisposeAsync();
            await House.DisposeAsync();
            scratch.Dispose();
        }
    }
}
