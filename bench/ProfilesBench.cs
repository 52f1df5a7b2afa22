using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Bench;

/// <summary>
/// Goals: building and linting a certificate takes at most 0.10 of an RSA-2048 signature; linting an OCSP answer leaves
/// 0.92 of it. Beside them the machine's own limit, the signature alone.
/// </summary>
internal static class ProfilesBench
{
    private static readonly DateTimeOffset Start = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public static ProfilesFigures Measure(int seconds)
    {
        using var rsa = RSA.Create(2048);
        using var holder = RSA.Create(2048);
        IssuingKey key = new(SigningKey.FromPkcs8("governor", rsa.ExportPkcs8PrivateKey()));
        var issuer = NewIssuer(key);
        var hash = new byte[SHA256.HashSizeInBytes];
        var ocsp = Answer(issuer, key);
        var signers = OcspSigners.Of(ocsp.Certificates);
        var holderKey = PublicKey.From(holder);
        Action[] acts =
        [
            () => rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            () => Build(issuer, holderKey).ToBeSigned(),
            () => Pass(LintGate.Certificate(Build(issuer, holderKey), CertificateKind.Resident)),
            () => ocsp.ToBeSigned(),
            () => Pass(LintGate.Ocsp(ocsp, signers)),
        ];
        var took = Interleaved(acts, TimeSpan.FromSeconds(seconds));
        return new(took[0], took[1], took[2], took[3], took[4]);
    }

    private static IssuingAuthority NewIssuer(IssuingKey key)
    {
        var names = PrefectureNames.Sandbox;
        CertificateFrame frame = new(SerialOf(1), Profiles.SelfSigned.ValidityFrom(Start), key.PublicKey);
        var content = CertificateContents.SelfSigned(
            names, ProfileChoices.Default, frame, SignatureAlgorithm.Sha256WithRsa);
        var certificate = Pass(LintGate.Certificate(content, CertificateKind.SelfSigned)).Sign(key.Sign);
        return new(names, ProfileChoices.Default, certificate);
    }

    /// <summary>A person with a name and address of usual length.</summary>
    private static CertificateContent Build(IssuingAuthority issuer, PublicKey holder) => CertificateContents.Resident(
        issuer,
        new(SerialOf(2), Profiles.Resident.ValidityFrom(Start), holder),
        Municipalities.All[1], "2026040109000000001" + "11201T001",
        new()
        {
            CommonName = "埼玉　太郎",
            CommonNameSubstitutes = "00000",
            BirthDate = "319800217",
            Gender = "1",
            Address = "埼玉県川越市元町一丁目３番地１",
            AddressSubstitutes = "000000000000000",
        });

    private static BasicOcspContent Answer(IssuingAuthority issuer, IssuingKey key)
    {
        CertificateFrame frame = new(SerialOf(3), Profiles.OcspResponder.ValidityFrom(Start), key.PublicKey);
        var responder = Pass(LintGate.Certificate(
            CertificateContents.OcspResponder(issuer, frame, "ocsp-1"), CertificateKind.OcspResponder));
        return new()
        {
            Algorithm = SignatureAlgorithm.Sha256WithRsa,
            Responder = key.PublicKey,
            ProducedAt = Start,
            Responses =
            [
                new()
                {
                    CertId = CertId.Of(
                        HashAlgorithmName.SHA1, issuer.SelfSigned.Subject, issuer.SelfSigned.PublicKey, SerialOf(2)),
                    Status = CertStatus.Good,
                    ThisUpdate = Start,
                },
            ],
            Nonce = new byte[32],
            Certificates = [responder.Sign(key.Sign).Der],
        };
    }

    private static SerialNumber SerialOf(byte last) =>
        SerialNumber.FromUnsigned([0x5A, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, last]);

    private static T Pass<T>(Outcome<T> outcome) where T : class =>
        outcome.IsRefused(out var refusal, out var value) ? throw new InvalidOperationException(refusal.Reason) : value;

    /// <summary>
    /// Microseconds of each act: the median of many short runs in turns, so that a neighbour's noise hits all alike.
    /// </summary>
    private static double[] Interleaved(Action[] acts, TimeSpan duration)
    {
        const int Run = 20;
        var times = acts.Select(_ => new List<double>()).ToArray();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration * 1.25)
        {
            for (var i = 0; i < acts.Length; i++)
            {
                var begin = Stopwatch.GetTimestamp();
                for (var n = 0; n < Run; n++)
                    acts[i]();
                if (clock.Elapsed > duration / 4)             // Before that it warms up.
                    times[i].Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds / Run);
            }
        }
        return [.. times.Select(t => t.Order().ElementAt(t.Count / 2))];
    }
}

/// <summary>Microseconds.</summary>
internal sealed record ProfilesFigures(double Signature, double Build, double BuildAndLint, double Answer,
    double AnswerAndLint)
{
    private double SignaturesLeft => Signature / (Signature + AnswerAndLint);

    public override string ToString() =>
        $"""
        RSA-2048 signature        {Signature,8:n1} µs  (the machine's limit)
        certificate, built        {Build,8:n1} µs  {Build / Signature:p1} of it
        certificate, and linted   {BuildAndLint,8:n1} µs  {BuildAndLint / Signature:p1} of it (goal 10 %)
        OCSP answer, built        {Answer,8:n1} µs  {Answer / Signature:p1} of it
        OCSP answer, and linted   {AnswerAndLint,8:n1} µs  {SignaturesLeft:n3} of raw signing (goal 0.92)
        """;
}
