using Jpki.Counter;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// Certificates of every kind for made-up people on made-up days, signed by governors of both algorithms.
/// </summary>
internal sealed class RandomCertificates : IDisposable
{
    private const string Characters =
        "亜哀愛悪握圧扱安案以位依偉囲委威尉意慰易為異移維緯胃衣違遺医井域育一壱逸稲芋印員因姻引飲院あいうえおアイウエオ０１２３－";

    private static readonly DateTimeOffset[] Borders =
    [
        new(2028, 2, 28, 15, 0, 0, TimeSpan.Zero),            // 29 February in Japan
        new(2024, 2, 29, 14, 59, 59, TimeSpan.Zero),
        new(2046, 12, 31, 14, 59, 59, TimeSpan.Zero),         // three years to the end of UTCTime
        new(2049, 12, 31, 23, 59, 59, TimeSpan.Zero),
        new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero),
        new(2019, 4, 30, 14, 59, 59, TimeSpan.Zero),          // the last second of Heisei
        new(2019, 4, 30, 15, 0, 0, TimeSpan.Zero),
    ];

    private static readonly string[] BirthDates =
        ["118800000", "419890108", "319890107", "219261224", "319261225", "420190430", "000000000", "420000229",
            "119120729"];

    private readonly SeededRandom random;
    private readonly TestKey[] governors = [TestKey.Rsa(), TestKey.P256()];
    private readonly IssuingAuthority[] issuers;
    private readonly Certificate[] operations;

    public RandomCertificates(int seed)
    {
        random = new($"{seed}");
        issuers = [.. governors.Select(g => new IssuingAuthority(Specimens.Names, Specimens.Choices, Anchor(g)))];
        operations = [.. governors.Select(g => CertificateContents.OperationsCa(
            Specimens.Names, Frame(CertificateKind.OperationsCa, Long, g.PublicKey), g.Algorithm).Sign(g.SignHash))];
    }

    /// <summary>The anchors everything chains to, in PEM.</summary>
    public IEnumerable<Certificate> Anchors => issuers.Select(i => i.SelfSigned).Concat(operations);

    public Certificate Next(CertificateKind kind)
    {
        var who = random.Below(governors.Length);
        return Content(kind, who).Sign(governors[who].SignHash);
    }

    public void Dispose()
    {
        foreach (var governor in governors)
            governor.Dispose();
        random.Dispose();
    }

    private static DateTimeOffset Long => new(2016, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private CertificateContent Content(CertificateKind kind, int who)
    {
        var issuer = issuers[who];
        var frame = Frame(kind, Day(), kind is CertificateKind.SelfSigned or CertificateKind.OperationsCa
            ? governors[who].PublicKey : Specimens.OtherKey);
        return kind switch
        {
            CertificateKind.SelfSigned =>
                CertificateContents.SelfSigned(Specimens.Names, Specimens.Choices, frame, issuer.Algorithm),
            CertificateKind.Resident => CertificateContents.Resident(
                issuer, frame, Municipalities.All[random.Below(63)], CommonName(), Holder()),
            CertificateKind.OcspResponder => CertificateContents.OcspResponder(issuer, frame, Text(1, 30)),
            CertificateKind.Cross => CertificateContents.Cross(issuer, frame, Specimens.Bridge.With("OU", Text(1, 60))),
            CertificateKind.ValidationServer => CertificateContents.ValidationServer(issuer, frame, Text(1, 60)),
            CertificateKind.OperationsCa => CertificateContents.OperationsCa(Specimens.Names, frame, issuer.Algorithm),
            CertificateKind.Client =>
                CertificateContents.Client(new(Specimens.Names, operations[who]), frame, "Officer", Text(1, 60)),
            CertificateKind.Door => CertificateContents.Door(
                new(Specimens.Names, operations[who], $"http://{random.Below(99)}/"), frame, "Ocsp", Text(1, 60),
                ["localhost", "::1", "10.0.0.1"]),
            _ => CertificateContents.Link(issuer, kind, frame),
        };
    }

    private CertificateFrame Frame(CertificateKind kind, DateTimeOffset start, PublicKey key)
    {
        var serial = new byte[16];
        random.GetBytes(serial);
        serial[0] |= 1;
        return new(
            SerialNumber.FromUnsigned(serial),
            Profiles.Of(kind).Years > 0
                ? Profiles.Of(kind).ValidityFrom(start)
                : Profiles.LinkValidity(kind, start, start.AddYears(5), JapanTime.EndOfYears(start, 10)),
            key);
    }

    private Certificate Anchor(TestKey key) => CertificateContents.SelfSigned(
        Specimens.Names, Specimens.Choices, Frame(CertificateKind.SelfSigned, Long, key.PublicKey), key.Algorithm)
        .Sign(key.SignHash);

    /// <summary>One in four on a border.</summary>
    private DateTimeOffset Day() => random.Below(4) == 0
        ? Borders[random.Below(Borders.Length)]
        : new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Below(1_200_000_000));

    private HolderNames Holder()
    {
        var (name, address) = ($"{Text(1, 20)}　{Text(1, 20)}", Text(1, 200));
        return new()
        {
            CommonName = name,
            CommonNameSubstitutes = Flags(name),
            Gender = $"{1 + random.Below(3)}",
            BirthDate = random.Below(2) == 0
                ? BirthDates[random.Below(BirthDates.Length)]
                : $"3{1927 + random.Below(60)}{1 + random.Below(12):D2}{1 + random.Below(28):D2}",
            Address = address,
            AddressSubstitutes = Flags(address),
        };
    }

    private string CommonName() => $"{random.Below(100_000_000):D14}{random.Below(100_000):D5}11201T001";

    private string Flags(string text) => string.Concat(text.Select(_ => random.Below(2)));

    private string Text(int shortest, int longest) => string.Concat(
        Enumerable.Range(0, shortest + random.Below(longest - shortest + 1))
            .Select(_ => Characters[random.Below(Characters.Length)]));
}
