using System.Security.Cryptography;
using System.Text;
using Jpki.Card.Readers;
using Jpki.X509;

namespace Jpki.Card;

/// <summary>
/// A key pair device at a card, after each has proved to the other that it knows the card's device key. What it writes
/// goes encrypted, and each step is answered by the card's own receipt. 鍵ペア生成装置 (CPS 6-2-2-4)
/// </summary>
public sealed class CardWriter : IDisposable
{
    /// <summary>With the tag a short command.</summary>
    private const int PartLength = 192;

    private readonly AdminChannel channel;

    private CardWriter(CardSession session, AdminChannel channel, string number) =>
        (Session, this.channel, Number) = (session, channel, number);

    /// <summary>The same card as its holder sees it.</summary>
    public CardSession Session { get; }

    public string Number { get; }

    /// <param name="reader">With the card in it.</param>
    /// <param name="keyOf">The device key of the card with that number.</param>
    /// <param name="random">The device's own randomness.</param>
    /// <exception cref="CardException">The card has another device key, or is none of ours.</exception>
    public static CardWriter Open(ICardReader reader, Func<string, DeviceKey> keyOf, RandomNumberGenerator random)
    {
        var session = CardSession.Open(reader);
        var number = session.Number();
        return new(session, Authenticate(session, keyOf(number), random), number);
    }

    /// <summary>初期化: as the card came from its maker. Whatever was left half written is gone.</summary>
    public void Initialise() => Send("INITIALISE", AdminInstruction.Erase, 0, []);

    /// <summary>鍵ペア等の消去 (CPS 2-1-3(16), 6-2-2-7)</summary>
    public void EraseKey(KeyPurpose purpose) => Send("ERASE KEY", AdminInstruction.Erase, KeyReference(purpose), []);

    /// <summary>Sets or resets the password, and gives all tries. パスワードの初期化 (CPS 2-1-3(16), 6-4-2-1)</summary>
    public void SetPassword(KeyPurpose purpose, string password)
    {
        var octets = Encoding.ASCII.GetBytes(CardPassword.Normalise(password));
        Send("SET PASSWORD", AdminInstruction.SetPassword, PasswordReference(purpose), octets);
        CryptographicOperations.ZeroMemory(octets);
    }

    /// <summary>Gives all tries again. ロック解除 (CPS 2-1-3(16))</summary>
    public void Unlock(KeyPurpose purpose) =>
        Send("UNLOCK", AdminInstruction.Unlock, PasswordReference(purpose), []);

    /// <summary>秘密鍵の格納 (CPS 6-2-2-4)</summary>
    public void ImportKey(KeyPurpose purpose, ReadOnlySpan<byte> pkcs8)
    {
        Stage(pkcs8);
        Send("IMPORT KEY", AdminInstruction.ImportKey, KeyReference(purpose), []);
    }

    /// <summary>The holder's certificate, and the self-signed one it hangs from. (CPS 4-3-1①)</summary>
    public void WriteCertificates(KeyPurpose purpose, Certificate holder, Certificate authority)
    {
        var isSign = purpose == KeyPurpose.Sign;
        PutCertificate(isSign ? CardFiles.SignCertificate : CardFiles.AuthenticationCertificate, holder);
        PutCertificate(isSign ? CardFiles.SignCaCertificate : CardFiles.AuthenticationCaCertificate, authority);
    }

    public void Dispose() => channel.Dispose();

    private static AdminChannel Authenticate(CardSession session, DeviceKey key, RandomNumberGenerator random)
    {
        var theirs = session.Demand("GET CHALLENGE", 0x00, 0x84, 0, 0, [], AdminChannel.ChallengeLength).Data;
        var ours = new byte[AdminChannel.ChallengeLength];
        random.GetBytes(ours);
        byte[] proof = [.. ours, .. AdminChannel.DeviceProof(key, theirs, ours)];
        const string Name = "MUTUAL AUTHENTICATE";
        var answer = session.Send(Name, CardAdministration.Class, AdminInstruction.Authenticate, 0, 0, proof, 0);
        if (answer.IsDone
            && CryptographicOperations.FixedTimeEquals(answer.Data, AdminChannel.CardProof(key, theirs, ours)))
        {
            return new(key, theirs, ours);
        }
        throw new CardException(
            $"カードの鍵ペア生成装置認証鍵が違います / the card has another site's device key ({answer})")
        {
            Step = Name,
        };
    }

    private static byte KeyReference(KeyPurpose purpose) => (byte)(0x80 | CardFiles.KeyOf(purpose));

    private static byte PasswordReference(KeyPurpose purpose) => (byte)(0x80 | CardFiles.PasswordOf(purpose));

    private void PutCertificate(ushort file, Certificate certificate)
    {
        Stage(certificate.Der.Span);
        Send("PUT CERTIFICATE", AdminInstruction.PutCertificate, (byte)(0x80 | file), []);
    }

    private void Stage(ReadOnlySpan<byte> octets)
    {
        for (var at = 0; at < octets.Length; at += PartLength)
        {
            var part = octets[at..Math.Min(octets.Length, at + PartLength)];
            Send("STAGE", AdminInstruction.Stage, (byte)(at & 0xFF), part, (byte)(at >> 8));
        }
    }

    private void Send(string name, byte instruction, byte p2, ReadOnlySpan<byte> data, byte p1 = 0)
    {
        var sealedData = channel.Seal([CardAdministration.Class, instruction, p1, p2], data);
        var answer = Session.Send(name, CardAdministration.Class, instruction, p1, p2, sealedData, 0);
        if (!answer.IsDone)
            throw CardSession.Unexpected(name, answer);
        if (!channel.IsReceipt(answer.Status, answer.Data))
        {
            throw new CardException($"{name} の応答がカードのものではありません / the answer to {name} is not the card's")
            {
                Step = name,
            };
        }
    }
}
