using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ocsp;
using Jpki.Tests.Rooms.Authority;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Ocsp;

/// <summary>A responder before a real Authority, over years of a clock that is moved.</summary>
public sealed class ResponderYearsTests
{
    [Fact, Cps("1-3-2④"), Cps("4-4-4-2")]
    public async Task No_answer_of_five_years_is_signed_with_a_certificate_that_is_not_valid_then()
    {
        await using var years = await Years.Begin();
        HashSet<string> signers = [];
        // The last jump is longer than a certificate lives.
        foreach (var days in (int[])[.. Enumerable.Repeat(25, 73), 400])
        {
            years.House.Clock.Advance(TimeSpan.FromDays(days));
            byte[] answer;
            do
            {
                answer = await years.Answer();
            }
            while (OcspResponse.Read(answer).Status == OcspResponseStatus.TryLater && await years.Beat());

            var at = years.House.Clock.GetUtcNow();
            var signer = Certificate.Read(OcspResponse.Read(answer).Basic!.Certificates.Single());
            Assert.True(signer.NotBefore <= at && at <= signer.NotAfter, $"{at:u}: {signer.NotAfter:u}");
            if (signers.Add(signer.Serial.ToString()))
                years.Judge(answer, at);
        }
        Assert.InRange(signers.Count, 6, 7);
    }

    [Fact, Cps("5-2-1-1(6)")]
    public async Task A_responder_whose_certificate_was_ended_signs_no_more_with_it_and_goes_on_with_another_key()
    {
        await using var years = await Years.Begin();
        var first = Certificate.Read((await years.Ask()).Basic!.Certificates.Single());

        var ended = await OtherCertificates.Revoke(years.House.Room, years.House.Agreed(
            Duties.RevokeOtherCertificate,
            new OtherRevocation(first.Serial.ToString(), RevocationReason.KeyCompromise, "鍵の漏えい")));
        await OcspNode.Until(() => years.Responder.Health.Position == years.House.Room.Feed.Position);

        Assert.Null(ended.Refusal);
        OcspResponse answer;
        do
        {
            answer = await years.Ask();
            Assert.True(answer.Basic is null || !answer.Basic.Certificates.Single().Span.SequenceEqual(first.Der.Span));
        }
        while (answer.Basic is null && await years.Beat());
        Assert.NotEqual(first.PublicKey, Certificate.Read(answer.Basic!.Certificates.Single()).PublicKey);
    }

    private sealed class Years : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly ScratchFolder scratch = new();
        private readonly OcspNode.Party verifier = OcspNode.Party.New("bank");
        private AuthorityDoor door = null!;
        private Task running = Task.CompletedTask;
        private Certificate resident = null!;

        public AuthorityHouse House { get; private set; } = null!;

        public Responder Responder { get; private set; } = null!;

        public static async Task<Years> Begin()
        {
            Years years = new() { House = await AuthorityHouse.Open() };
            years.resident = await years.House.Issued();
            years.door = await AuthorityDoor.Open(years.House, CallerRole.OcspNode, "ocsp-1");
            AdmissionList admissions = new(1, [years.verifier.Admission]);
            years.Responder = new(new()
            {
                Authority = years.door.Client,
                Hsm = new SoftwareHsm(years.scratch["keys"]),
                Folder = years.scratch["ocsp"],
                NodeName = Name.Parse("CN=ocsp-1"),
                Admissions = () => admissions,
                Record = _ => Task.CompletedTask,
                Clock = years.House.Clock,
                KeySpec = KeySpec.EcP256,
                // The clock jumps further between two heartbeats than any clock does.
                SilenceLimit = TimeSpan.FromDays(40),
            });
            years.running = years.Responder.Run(years.stop.Token);
            for (var beats = 0; !years.Responder.Health.IsAnswering && await years.Beat(); beats++)
                Assert.True(beats < 5_000, string.Join("; ", years.Responder.Health.Troubles));
            return years;
        }

        public async Task<OcspResponse> Ask() => OcspResponse.Read(await Answer());

        public Task<byte[]> Answer() => Responder.Answer(
            OcspRequest.Create([CertId.Of(
                HashAlgorithmName.SHA1, resident.Issuer, House.Room.Governor.TrustAnchor.PublicKey, resident.Serial)]),
            new("192.0.2.2", verifier.Sha256));

        /// <summary>A quarter of a second of the prefecture's time.</summary>
        public async Task<bool> Beat()
        {
            House.Clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(2, TestContext.Current.CancellationToken);
            return true;
        }

        /// <summary>OpenSSL at that moment. It warns that the answer is of another day than the machine's.</summary>
        public void Judge(byte[] answer, DateTimeOffset at)
        {
            var ca = scratch.WritePem("ca.pem", "CERTIFICATE", House.Room.Governor.TrustAnchor.Der);
            var said = Tool.Run(
                "openssl", "ocsp", "-respin", scratch.Write("answer.der", answer), "-issuer", ca,
                "-cert", scratch.WritePem("resident.pem", "CERTIFICATE", resident.Der), "-CAfile", ca,
                "-attime", $"{at.ToUnixTimeSeconds()}").Succeeded();
            Assert.Contains("Response verify OK", said.Errors, StringComparison.Ordinal);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            await door.DisposeAsync();
            await House.DisposeAsync();
            scratch.Dispose();
            stop.Dispose();
        }
    }
}
