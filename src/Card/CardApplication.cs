using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Jpki.Card;

/// <summary>
/// The application on the card: every command of its holder's clients and, in class 90, those of key pair devices,
/// which are ours. Anything may be sent to it; no answer holds a private key. カードアプリケーション (CPS 6-2-2-1)
/// </summary>
public sealed class CardApplication : IDisposable
{
    private const int MostChallenge = 256;

    private readonly CardMemory memory;
    private readonly CardPasswords passwords;
    private readonly CardAdministration administration;
    private readonly RandomNumberGenerator random;
    private bool isSelected;
    private ushort? current;

    /// <summary>The key that signed last, while the application is selected: reading it costs a signature.</summary>
    private (byte[] Pkcs8, CardKey Key)? loaded;

    /// <param name="image">What the card remembers.</param>
    /// <param name="remember">Makes its next state durable before it returns.</param>
    /// <param name="random">For challenges and salts.</param>
    public CardApplication(CardImage image, Action<CardImage> remember, RandomNumberGenerator random)
    {
        memory = new(image, remember);
        passwords = new(memory, random);
        administration = new(memory, passwords);
        this.random = random;
    }

    public static ReadOnlySpan<byte> Identifier => [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

    /// <summary>What the card says when it gets power: a contact card for T=1.</summary>
    public static ReadOnlySpan<byte> AnswerToReset => [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];

    /// <summary>One command, one answer. Octets that are no command are answered too.</summary>
    public byte[] Transmit(ReadOnlySpan<byte> command) =>
        (CommandApdu.TryRead(command, out var apdu) ? Answer(apdu) : StatusWord.WrongLength).ToArray();

    /// <summary>Power on, power off or reset: everything but the memory is forgotten.</summary>
    public void Reset()
    {
        isSelected = false;
        Forget();
    }

    public void Dispose()
    {
        Reset();
        administration.Dispose();
    }

    private CardAnswer Answer(in CommandApdu command) => command.Class switch
    {
        0x00 => command.Instruction == 0xA4 ? Select(command) : Interindustry(command),
        0x80 when command.Instruction == 0x2A => isSelected ? Sign(command) : StatusWord.NotSatisfied,
        CardAdministration.Class => isSelected ? Administer(command) : StatusWord.NotSatisfied,
        0x04 or 0x08 or 0x0C when command.Instruction is 0xB0 or 0x20 => StatusWord.Unsealed,
        0x04 or 0x08 or 0x0C => StatusWord.NoSecureMessaging,
        0x80 => StatusWord.WrongInstruction,
        _ => StatusWord.WrongClass,
    };

    private CardAnswer Interindustry(in CommandApdu command) => command.Instruction switch
    {
        not (0xB0 or 0x20 or 0x24 or 0x84) => StatusWord.WrongInstruction,
        _ when !isSelected => StatusWord.NotSatisfied,
        0xB0 => Read(command),
        0x20 => Verify(command),
        0x24 => ChangePassword(command),
        _ => Challenge(command),
    };

    private CardAnswer Select(in CommandApdu command)
    {
        if (command.P2 is not (0x00 or 0x0C))
            return StatusWord.WrongParameters;
        return command.P1 switch
        {
            0x04 => SelectApplication(command.Data),
            0x02 => command.Data.Length == 2
                ? SelectFile(BinaryPrimitives.ReadUInt16BigEndian(command.Data))
                : StatusWord.WrongLength,
            _ => StatusWord.WrongParameters,
        };
    }

    /// <summary>Of others' identifiers it knows nothing, and stays as it is: clients try many.</summary>
    private CardAnswer SelectApplication(ReadOnlySpan<byte> identifier)
    {
        if (!identifier.SequenceEqual(Identifier))
            return StatusWord.NotFound;
        Forget();
        isSelected = true;
        return StatusWord.Done;
    }

    private CardAnswer SelectFile(ushort file)
    {
        if (!isSelected || !CardFiles.Exists(file))
            return StatusWord.NotFound;
        current = file;
        return StatusWord.Done;
    }

    private CardAnswer Read(in CommandApdu command)
    {
        if (command.Data.Length > 0 || command.Expected is not { } expected)
            return StatusWord.WrongLength;
        var offset = command.P1 << 8 | command.P2;
        if ((command.P1 & 0x80) != 0)
        {
            var file = (ushort)(command.P1 & 0x1F);
            if ((command.P1 & 0x60) != 0 || !CardFiles.Exists(file))
                return StatusWord.NotFound;
            (current, offset) = (file, command.P2);
        }
        return current is { } selected ? Read(selected, offset, expected) : StatusWord.NothingSelected;
    }

    /// <summary>What is there, up to what is asked for: clients ask for 256 octets and take less.</summary>
    private CardAnswer Read(ushort file, int offset, int expected)
    {
        if (CardFiles.Content(file, memory.Image) is not { } content)
            return StatusWord.WrongFileKind;
        if (CardFiles.PasswordFor(file) is { } needed && !passwords.IsVerified(needed))
            return StatusWord.NotAllowed;
        return offset < content.Length
            ? CardAnswer.Of(content[offset..Math.Min(content.Length, offset + expected)])
            : StatusWord.PastTheEnd;
    }

    private CardAnswer Verify(in CommandApdu command)
    {
        if (command.P1 != 0 || !TryReference(command.P2, out var file))
            return StatusWord.WrongParameters;
        if (file is null)
            return StatusWord.NothingSelected;
        return CardFiles.PasswordIn(file) is { } purpose
            ? passwords.Verify(purpose, command.Data)
            : StatusWord.WrongFileKind;
    }

    /// <summary>The holder's own change, which only who knows the old one can make. (CPS 2-1-5(3))</summary>
    private CardAnswer ChangePassword(in CommandApdu command)
    {
        if (command.P1 != 1 || !TryReference(command.P2, out var file))
            return StatusWord.WrongParameters;
        if (file is null)
            return StatusWord.NothingSelected;
        return CardFiles.PasswordIn(file) is not { } purpose ? StatusWord.WrongFileKind
            : passwords.IsVerified(purpose) ? passwords.Set(purpose, command.Data)
            : StatusWord.NotAllowed;
    }

    private CardAnswer Sign(in CommandApdu command)
    {
        if (command.P1 > (byte)SignMode.HashPss || !TryReference(command.P2, out var file))
            return StatusWord.WrongParameters;
        if (file is null)
            return StatusWord.NothingSelected;
        if (CardFiles.KeyIn(file) is not { } purpose)
            return StatusWord.WrongFileKind;
        if (!passwords.IsVerified(purpose))
            return StatusWord.NotAllowed;
        return memory.Image[purpose].PrivateKey is { } key
            ? Sign(key, (SignMode)command.P1, command.Data)
            : StatusWord.NotSatisfied;
    }

    private CardAnswer Sign(byte[] pkcs8, SignMode mode, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return StatusWord.WrongLength;
        try
        {
            return KeyOf(pkcs8).Sign(mode, data) is { } signature
                ? CardAnswer.Of(signature)
                : StatusWord.WrongParameters;
        }
        catch (ArgumentException)
        {
            return StatusWord.WrongLength;
        }
    }

    private CardKey KeyOf(byte[] pkcs8)
    {
        if (loaded is { } known && ReferenceEquals(known.Pkcs8, pkcs8))
            return known.Key;
        ForgetKey();
        loaded = (pkcs8, CardKey.Open(pkcs8));
        return loaded.Value.Key;
    }

    /// <summary>What a device writes may be another key, or none.</summary>
    private CardAnswer Administer(in CommandApdu command)
    {
        ForgetKey();
        return administration.Answer(command);
    }

    private CardAnswer Challenge(in CommandApdu command)
    {
        if (command is not { P1: 0, P2: 0 })
            return StatusWord.WrongParameters;
        if (command.Data.Length > 0 || command.Expected is not (> 0 and <= MostChallenge and var length))
            return StatusWord.WrongLength;
        var challenge = new byte[length];
        random.GetBytes(challenge);
        administration.Challenge = challenge;
        return CardAnswer.Of(challenge);
    }

    /// <summary>80: the selected file; 80 + a short identifier: that one, which is then selected.</summary>
    private bool TryReference(byte p2, out ushort? file)
    {
        var identifier = (ushort)(p2 & 0x1F);
        file = identifier == 0 ? current : CardFiles.Exists(identifier) ? identifier : null;
        if ((p2 & 0xE0) != 0x80)
            return false;
        current = file ?? current;
        return true;
    }

    private void ForgetKey()
    {
        loaded?.Key.Dispose();
        loaded = null;
    }

    private void Forget()
    {
        current = null;
        ForgetKey();
        passwords.Forget();
        administration.Forget();
    }
}
