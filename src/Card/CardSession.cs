using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Text;
using Jpki.Card.Readers;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Card;

/// <summary>A holder's client at a card: what it asks, in commands that real cards understand too. 利用者</summary>
public sealed class CardSession
{
    /// <summary>A certificate is a SEQUENCE whose length takes two octets: tag, 82, length.</summary>
    private const int DerHeader = 4;

    private const int ReadAtOnce = 256;

    private readonly ICardReader reader;

    private CardSession(ICardReader reader) => this.reader = reader;

    /// <exception cref="CardException">The card has not our application.</exception>
    public static CardSession Open(ICardReader reader)
    {
        CardSession session = new(reader);
        session.Demand("SELECT", 0x00, 0xA4, 0x04, 0x0C, CardApplication.Identifier);
        return session;
    }

    /// <summary>Which card this is: the serial number of its token information.</summary>
    public string Number()
    {
        Select(CardFiles.TokenInfo);
        var token = Demand("READ BINARY", 0x00, 0xB0, 0, 0, [], 160).Data;
        const int At = 32 + 32 + 16;
        return token.Length >= At + CardImage.NumberLength
            ? Encoding.ASCII.GetString(token, At, CardImage.NumberLength)
            : throw new CardException("カード情報が短すぎます / the card's token information is too short");
    }

    /// <summary>0 when it is locked, or has no password.</summary>
    public int TriesLeft(KeyPurpose purpose)
    {
        Select(CardFiles.PasswordOf(purpose));
        return Tries(Send("VERIFY", 0x00, 0x20, 0x00, 0x80, []))
            ?? throw new CardException("カードが残り試行回数を答えません / the card does not tell the tries left");
    }

    /// <summary>Null when it is the password; else what to tell the holder. 活性化 (CPS 6-2-2-5)</summary>
    public Refusal? Verify(KeyPurpose purpose, string password)
    {
        if (password.Length is 0 or > CardPassword.Longest || !Ascii.IsValid(password))
            return new("6-4-2-1", $"パスワードは英数字{CardPassword.Longest}文字までです。");
        Select(CardFiles.PasswordOf(purpose));
        var given = Encoding.ASCII.GetBytes(CardPassword.Normalise(password));
        var answer = Send("VERIFY", 0x00, 0x20, 0x00, 0x80, given);
        return answer switch
        {
            { IsDone: true } => null,
            { Status: StatusWord.Locked } => Locked,
            _ when Tries(answer) is { } left => left == 0 ? Locked : Wrong(left),
            _ => throw Unexpected("VERIFY", answer),
        };
    }

    /// <summary>The holder's own change, after <see cref="Verify"/>.</summary>
    public void ChangePassword(KeyPurpose purpose, string password)
    {
        Select(CardFiles.PasswordOf(purpose));
        Demand("CHANGE REFERENCE DATA", 0x00, 0x24, 0x01, 0x80,
            Encoding.ASCII.GetBytes(CardPassword.Normalise(password)));
    }

    /// <summary>The signature over a SHA-256 hash, after <see cref="Verify"/>. 電子署名</summary>
    public byte[] Sign(KeyPurpose purpose, ReadOnlySpan<byte> hash)
    {
        Select(CardFiles.KeyOf(purpose));
        return Demand("COMPUTE DIGITAL SIGNATURE", 0x80, 0x2A, (byte)SignMode.Hashed, 0x80, hash, 0).Data;
    }

    /// <summary>The holder's certificate; null when there is none, or the password is needed first.</summary>
    public Certificate? Certificate(KeyPurpose purpose) => ReadCertificate(
        purpose == KeyPurpose.Sign ? CardFiles.SignCertificate : CardFiles.AuthenticationCertificate);

    /// <summary>The self-signed certificate of whoever issued it; null when there is none.</summary>
    public Certificate? CaCertificate(KeyPurpose purpose) => ReadCertificate(
        purpose == KeyPurpose.Sign ? CardFiles.SignCaCertificate : CardFiles.AuthenticationCaCertificate);

    /// <summary>What anybody may know.</summary>
    public CardDescription Describe() => new()
    {
        Number = Number(),
        SignCertificate = CardCertificate.Of(Certificate(KeyPurpose.Sign)?.Der.ToArray()),
        CaCertificate = CardCertificate.Of(CaCertificate(KeyPurpose.Sign)?.Der.ToArray()),
        TriesLeft = TriesLeft(KeyPurpose.Sign),
        AuthenticationCertificate = CardCertificate.Of(Certificate(KeyPurpose.Authenticate)?.Der.ToArray()),
        AuthenticationTriesLeft = TriesLeft(KeyPurpose.Authenticate),
    };

    internal CardAnswer Send(
        string name, byte @class, byte instruction, byte p1, byte p2, ReadOnlySpan<byte> data, byte? expected = null)
    {
        try
        {
            return CardAnswer.Read(
                reader.Transmit(CommandApdu.Write(@class, instruction, p1, p2, data, expected)));
        }
        catch (CardException e)
        {
            e.Step = name;
            throw;
        }
    }

    internal CardAnswer Demand(
        string name, byte @class, byte instruction, byte p1, byte p2, ReadOnlySpan<byte> data, byte? expected = null)
    {
        var answer = Send(name, @class, instruction, p1, p2, data, expected);
        return answer.IsDone ? answer : throw Unexpected(name, answer);
    }

    internal static CardException Unexpected(string name, CardAnswer answer) =>
        new($"カードが {name} に {answer} と答えました / the card answers {name} with {answer}") { Step = name };

    private static Refusal Locked => new("2-1-3(16)",
        "パスワードを続けて間違えたため、カードは使えません。住所地の市町村窓口でロックを解除してください。");

    private static Refusal Wrong(int left) => new("6-2-2-5", $"パスワードが違います。あと{left}回間違えると使えなくなります。");

    private static int? Tries(CardAnswer answer) =>
        (answer.Status & 0xFFF0) == StatusWord.TriesLeft ? answer.Status & 0x000F : null;

    private void Select(ushort file)
    {
        Span<byte> identifier = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(identifier, file);
        Demand("SELECT", 0x00, 0xA4, 0x02, 0x0C, identifier);
    }

    private Certificate? ReadCertificate(ushort file)
    {
        Select(file);
        var start = Send("READ BINARY", 0x00, 0xB0, 0, 0, [], DerHeader);
        if (start.Status is StatusWord.NotAllowed or StatusWord.PastTheEnd)
            return null;
        if (!start.IsDone || start.Data is not [0x30, 0x82, _, _])
            throw Unexpected("READ BINARY", start);
        var der = new byte[DerHeader + BinaryPrimitives.ReadUInt16BigEndian(start.Data.AsSpan(2))];
        for (var at = 0; at < der.Length;)
        {
            if (at > 0x7FFF)
                throw new CardException("証明書が長すぎます / the card's certificate is too long");
            var part = Demand("READ BINARY", 0x00, 0xB0, (byte)(at >> 8), (byte)(at & 0xFF), [], 0).Data;
            if (part.Length is 0 or > ReadAtOnce)
                throw new CardException("カードの応答の長さが違います / the card's answer has a wrong length");
            part.AsSpan(0, Math.Min(part.Length, der.Length - at)).CopyTo(der.AsSpan(at));
            at += part.Length;
        }
        return Parse(der);
    }

    /// <summary>What stands on a card was written by whoever had it.</summary>
    private static Certificate Parse(byte[] der)
    {
        try
        {
            return X509.Certificate.Read(der);
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            throw new CardException($"カードの証明書が読めません / the card's certificate cannot be read: {e.Message}", e);
        }
    }
}
