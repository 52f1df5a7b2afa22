using System.Formats.Asn1;
using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Card;

/// <summary>Instructions of class 90.</summary>
internal static class AdminInstruction
{
    public const byte Authenticate = 0x82;
    public const byte SetPassword = 0x24;
    public const byte Unlock = 0x2C;
    public const byte Stage = 0xD6;
    public const byte ImportKey = 0xD8;
    public const byte PutCertificate = 0xDC;
    public const byte Erase = 0xE4;
}

/// <summary>
/// What only a key pair device may do, each in one durable step, so that a card pulled out at any time is as before or
/// as after. These commands are ours: the real ones are not public. (CPS 2-1-3(16), 6-2-2-4, 6-2-2-7)
/// </summary>
internal sealed class CardAdministration(CardMemory memory, CardPasswords passwords) : IDisposable
{
    public const byte Class = 0x90;

    /// <summary>A certificate of ours has some 1,500 octets, a key of 4096 bits 2,400.</summary>
    private const int MostStaged = 8 * 1024;

    private readonly byte[] staged = new byte[MostStaged];
    private int stagedLength;
    private AdminChannel? channel;

    /// <summary>The card's last challenge; good for one proof.</summary>
    public byte[] Challenge { private get; set; } = [];

    public CardAnswer Answer(in CommandApdu command)
    {
        if (command.Instruction == AdminInstruction.Authenticate)
            return Authenticate(command);
        if (channel is null)
            return StatusWord.NotAllowed;
        ReadOnlySpan<byte> header = [command.Class, command.Instruction, command.P1, command.P2];
        if (channel.Open(header, command.Data) is not { } data)
        {
            Forget();
            return StatusWord.WrongSeal;
        }
        try
        {
            var answer = Obey(command, data);
            return answer.IsDone ? CardAnswer.Of(channel.SealReceipt(answer.Status)) : answer;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    public void Dispose() => Forget();

    public void Forget()
    {
        Challenge = [];
        channel?.Dispose();
        channel = null;
        Unstage();
    }

    /// <summary>The device proves the key first, over both challenges; the card answers with its own proof.</summary>
    private CardAnswer Authenticate(in CommandApdu command)
    {
        var challenge = Challenge;
        Forget();
        if (command.Data.Length != AdminChannel.ChallengeLength + AdminChannel.ProofLength)
            return StatusWord.WrongLength;
        if (challenge.Length != AdminChannel.ChallengeLength)
            return StatusWord.NotSatisfied;
        var key = DeviceKey.Of(memory.Image.DeviceKey);
        var theirs = command.Data[..AdminChannel.ChallengeLength];
        if (!CryptographicOperations.FixedTimeEquals(
            command.Data[AdminChannel.ChallengeLength..], AdminChannel.DeviceProof(key, challenge, theirs)))
        {
            return StatusWord.NotAllowed;
        }
        channel = new(key, challenge, theirs);
        return CardAnswer.Of(AdminChannel.CardProof(key, challenge, theirs));
    }

    private CardAnswer Obey(in CommandApdu command, byte[] data) => command.Instruction switch
    {
        AdminInstruction.Stage => Stage(command.P1 << 8 | command.P2, data),
        not (AdminInstruction.SetPassword or AdminInstruction.Unlock or AdminInstruction.ImportKey
            or AdminInstruction.PutCertificate or AdminInstruction.Erase) => StatusWord.WrongInstruction,
        _ when command.P1 != 0 => StatusWord.WrongParameters,
        AdminInstruction.Erase when command.P2 == 0 => EraseAll(),
        AdminInstruction.PutCertificate => PutCertificate((ushort)(command.P2 & 0x1F)),
        AdminInstruction.SetPassword or AdminInstruction.Unlock =>
            CardFiles.PasswordIn((ushort)(command.P2 & 0x1F)) is not { } purpose ? StatusWord.WrongParameters
            : command.Instruction == AdminInstruction.Unlock ? passwords.Unlock(purpose)
            : SetPassword(purpose, data),
        _ => CardFiles.KeyIn((ushort)(command.P2 & 0x1F)) is not { } purpose ? StatusWord.WrongParameters
            : command.Instruction == AdminInstruction.Erase ? Erase(purpose)
            : ImportKey(purpose),
    };

    /// <summary>Whoever knew the old one is out. パスワードの初期化 (CPS 2-1-3(16))</summary>
    private CardAnswer SetPassword(KeyPurpose purpose, byte[] password)
    {
        passwords.Forget(purpose);
        return passwords.Set(purpose, password);
    }

    /// <summary>Parts of what is too long for one command, in order; only in working memory.</summary>
    private CardAnswer Stage(int offset, byte[] part)
    {
        if (offset == 0)
            Unstage();
        if (offset != stagedLength)
            return StatusWord.WrongParameters;
        if (part.Length > MostStaged - stagedLength)
            return StatusWord.NoRoom;
        part.CopyTo(staged.AsSpan(stagedLength));
        stagedLength += part.Length;
        return StatusWord.Done;
    }

    /// <summary>初期化: as it came from its maker.</summary>
    private CardAnswer EraseAll()
    {
        memory.Remember(memory.Image with { Sign = KeySlot.Blank, Authenticate = KeySlot.Blank });
        passwords.Forget();
        return StatusWord.Done;
    }

    /// <summary>鍵ペア等の消去</summary>
    private CardAnswer Erase(KeyPurpose purpose)
    {
        memory.Change(purpose, _ => KeySlot.Blank);
        passwords.Forget(purpose);
        return StatusWord.Done;
    }

    /// <summary>A new key ends the certificates of the old one.</summary>
    private CardAnswer ImportKey(KeyPurpose purpose)
    {
        try
        {
            CardKey.Open(staged.AsSpan(0, stagedLength)).Dispose();
        }
        catch (FormatException)
        {
            return StatusWord.WrongData;
        }
        var key = staged[..stagedLength];
        memory.Change(purpose, s => s with { PrivateKey = key, Certificate = null, CaCertificate = null });
        Unstage();
        return StatusWord.Done;
    }

    private CardAnswer PutCertificate(ushort file)
    {
        var purpose = file is CardFiles.SignCertificate or CardFiles.SignCaCertificate
            ? KeyPurpose.Sign : KeyPurpose.Authenticate;
        var isHolders = file is CardFiles.SignCertificate or CardFiles.AuthenticationCertificate;
        if (!isHolders && file is not (CardFiles.SignCaCertificate or CardFiles.AuthenticationCaCertificate))
            return StatusWord.WrongParameters;
        var der = staged[..stagedLength];
        if (!IsCertificate(der, isHolders ? memory.Image[purpose].PrivateKey ?? [] : null))
            return StatusWord.WrongData;
        memory.Change(purpose, s => isHolders ? s with { Certificate = der } : s with { CaCertificate = der });
        Unstage();
        return StatusWord.Done;
    }

    /// <summary>A certificate, and where a key is given, that key's: another's is of no use here.</summary>
    private static bool IsCertificate(byte[] der, byte[]? pkcs8)
    {
        try
        {
            var certificate = Certificate.Read(der);
            if (pkcs8 is null)
                return true;
            using var key = CardKey.Open(pkcs8);
            return certificate.PublicKey.Equals(key.PublicKey);
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            return false;
        }
    }

    private void Unstage()
    {
        CryptographicOperations.ZeroMemory(staged);
        stagedLength = 0;
    }
}
