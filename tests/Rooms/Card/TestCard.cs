using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Card.Readers;
using Jpki.Hsm;
using Jpki.X509;
using NSec.Cryptography;
using SignatureAlgorithm = Jpki.X509.SignatureAlgorithm;

namespace Jpki.Tests.Rooms.Card;

/// <summary>A card in a reader, and what it remembers in memory: a disk would be slow.</summary>
internal sealed class TestCard : ICardReader
{
    public const string Password = "ABC123";
    public const string Pin = "1234";

    private static readonly DateTimeOffset Noon = new(2014, 4, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Pkcs8Of2048 = NewKey(2048);

    private CardApplication application;

    public TestCard(CardImage image)
    {
        Image = image;
        application = new(image, Keep, Random);
    }

    public static RandomNumberGenerator Random { get; } = RandomNumberGenerator.Create();

    public static byte[] SiteSecret { get; } = SHA256.HashData("the site's secret"u8);

    public CardImage Image { get; private set; }

    /// <summary>How often something became durable.</summary>
    public int Writings { get; private set; }

    public Action BeforeWriting { get; set; } = () => { };

    public static DeviceKey KeyOf(string number) => DeviceKey.Of(SiteSecret, number);

    public static CardImage Blank(string number = "0123456789ABCDEF") => CardImage.Blank(number, KeyOf(number));

    /// <summary>A card with both key pairs, whose password costs nothing to check: it is tried often.</summary>
    public static CardImage Issued(byte[]? signKey = null)
    {
        var blank = Blank();
        return blank with
        {
            Sign = Slot(signKey ?? Pkcs8Of2048, Password, 5),
            Authenticate = Slot(Pkcs8Of2048, Pin, 3),
        };
    }

    public static byte[] NewKey(int bits)
    {
        using AsymmetricAlgorithm key = bits == 256 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(bits);
        return key.ExportPkcs8PrivateKey();
    }

    public static Certificate SelfSigned(byte[] pkcs8, string subject = "CN=card,C=JP")
    {
        var key = SigningKey.FromPkcs8("card", pkcs8);
        var algorithm = key.PublicKey.IsRsa ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;
        return new CertificateContent
        {
            Serial = SerialNumber.Parse("0A"),
            Algorithm = algorithm,
            Issuer = Name.Parse(subject),
            NotBefore = Noon,
            NotAfter = Noon.AddYears(3),
            Subject = Name.Parse(subject),
            PublicKey = key.PublicKey,
        }.Sign(key.With(algorithm));
    }

    public byte[] Transmit(ReadOnlySpan<byte> command) => application.Transmit(command);

    /// <summary>Command and answer in hexadecimal.</summary>
    public string Say(string command) =>
        Convert.ToHexString(Transmit(Convert.FromHexString(command.Replace(" ", "", StringComparison.Ordinal))));

    public void Reset() => application.Reset();

    /// <summary>Out of the reader and in again: only what was written is still there.</summary>
    public void Reinsert() => application = new(Image, Keep, Random);

    /// <summary>The card stays when a reader is closed.</summary>
    public void Dispose() => Reset();

    private void Keep(CardImage next)
    {
        BeforeWriting();
        Writings++;
        Image = next;
    }

    private static KeySlot Slot(byte[] key, string password, int tries) => new()
    {
        PrivateKey = key,
        Certificate = SelfSigned(key).Der.ToArray(),
        CaCertificate = SelfSigned(key, "CN=authority,C=JP").Der.ToArray(),
        PasswordHash = CheapHash(password),
        TriesLeft = tries,
    };

    /// <summary>Argon2id as weak as its format allows.</summary>
    private static string CheapHash(string password)
    {
        var salt = new byte[16];
        var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(
            new() { DegreeOfParallelism = 1, MemorySize = 8, NumberOfPasses = 1 });
        var hash = argon2.DeriveBytes(System.Text.Encoding.ASCII.GetBytes(password), salt, 32);
        return $"$argon2id$v=19$m=8,t=1,p=1${Encode(salt)}${Encode(hash)}";
    }

    private static string Encode(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=');
}

/// <summary>A reader from which the card is pulled at one command: before it is carried out, or after.</summary>
internal sealed class PulledReader(ICardReader inner, int at, bool isCarriedOut) : ICardReader
{
    private int sent;

    public bool WasPulled { get; private set; }

    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        if (WasPulled || sent++ == at)
        {
            if (!WasPulled && isCarriedOut)
                inner.Transmit(command);
            WasPulled = true;
            throw new CardRemovedException("pulled out");
        }
        return inner.Transmit(command);
    }

    public void Dispose() => inner.Dispose();
}
