using System.Security.Cryptography;
using CsCheck;
using Jpki.Card;
using Xunit;

namespace Jpki.Tests.Rooms.Card;

/// <summary>Whatever is sent, and whenever the card is pulled out: five tries, and no key.</summary>
public sealed class CardRetryTests
{
    private const int Window = 8;

    private static readonly byte[] Application = [0x00, 0xA4, 0x04, 0x0C, 0x0A, .. CardApplication.Identifier];
    private static readonly byte[] Right = Convert.FromHexString("0020009B06414243313233");
    private static readonly byte[] Wrong = Convert.FromHexString("0020009B06414243313234");
    private static readonly byte[] Reset = [];
    private static readonly byte[][] Usual =
        [Application, Application, Right, Wrong, Wrong, Wrong, Reset, [0x00, 0x20, 0x00, 0x9B]];

    private static readonly Gen<byte[]> HoldersCommand = Gen.OneOf(
        Gen.Int[0, Usual.Length - 1].Select(i => Usual[i]),
        Gen.Byte[0x01, 0x1B].Select<byte, byte[]>(file => [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, file]),
        Gen.Byte.Array[3].Select<byte[], byte[]>(p => [0x00, 0xB0, .. p]),
        Gen.Byte[0, 6].Select(Gen.Byte.Array[1, 60])
            .Select(p => CommandApdu.Write(0x80, 0x2A, p.Item1, 0x9A, p.Item2, 0)),
        Gen.Byte[0x80, 0x9F].Select(p2 => CommandApdu.Write(0x00, 0x24, 1, p2, "NEWPASS"u8)),
        Gen.Byte.Array[4].Select(Gen.Byte.Array[0, 40]).Select(p =>
            CommandApdu.Write(p.Item1[0], p.Item1[1], p.Item1[2], p.Item1[3], p.Item2, 0)),
        Gen.Byte.Array[0, 30]);

    [Fact, Cps("2-1-3(16)")]
    public void No_sequence_of_commands_gives_more_than_five_tries_in_a_row() =>
        HoldersCommand.Array[1, 60].Sample(commands =>
        {
            TestCard card = new(TestCard.Issued());
            var left = 5;
            foreach (var command in commands)
            {
                if (command.Length == 0)
                    card.Reinsert();
                // Only a change of the password by its holder ends what is counted here.
                if (command.Length > 5 && command[1] == 0x24)
                    continue;
                var answer = Convert.ToHexString(Send(card, command));
                left = (command, answer) switch
                {
                    (_, "9000") when command == Right => left == 0 ? throw new InvalidOperationException("locked") : 5,
                    _ when command == Wrong && answer.StartsWith("63C", StringComparison.Ordinal) => left - 1,
                    _ => left,
                };
                if (left < 0 || card.Image.Sign.TriesLeft != left)
                    return false;
            }
            return true;
        }, iter: 300);

    [Fact, Cps("6-2-2-1")]
    public void No_answer_to_any_command_holds_a_piece_of_the_private_key()
    {
        var issued = TestCard.Issued();
        var secrets = Windows(issued.Sign.PrivateKey!);

        HoldersCommand.Array[1, 40].Sample(commands =>
        {
            TestCard card = new(issued);
            card.Transmit(Application);
            card.Transmit(Right);
            return commands.All(command => !Leaks(secrets, Send(card, command)));
        }, iter: 200);
    }

    [Fact, Cps("6-2-2-1")]
    public void Nor_does_an_answer_to_the_key_pair_device()
    {
        var issued = TestCard.Issued();
        var secrets = Windows(issued.Sign.PrivateKey!);

        Gen.Byte.Array[3].Select(Gen.Byte.Array[0, 40]).Array[1, 20].Sample(commands =>
        {
            TestCard card = new(issued);
            using var channel = OpenChannel(card);
            return commands.All(c =>
            {
                byte[] header = [0x90, .. c.Item1];
                var sealedData = channel.Seal(header, c.Item2);
                byte[] command = [.. header, (byte)sealedData.Length, .. sealedData, 0];
                return !Leaks(secrets, card.Transmit(command));
            });
        }, iter: 100);
    }

    [Fact]
    public void The_search_for_the_key_finds_one_that_is_there()
    {
        var pkcs8 = TestCard.Issued().Sign.PrivateKey!;

        Assert.True(Leaks(Windows(pkcs8), pkcs8));
    }

    [Fact]
    public void A_try_is_durable_before_the_password_is_compared()
    {
        TestCard card = new(TestCard.Issued());
        card.Transmit(Application);
        card.BeforeWriting = () => throw new IOException("the power fails");
        Assert.Throws<IOException>(() => card.Transmit(Right));
        Assert.Equal(5, card.Image.Sign.TriesLeft);

        card.BeforeWriting = () =>
        {
            if (card.Writings == 1)
                throw new IOException("the power fails after the try was spent");
        };
        Assert.Throws<IOException>(() => card.Transmit(Right));

        card.Reinsert();
        Assert.Equal(4, card.Image.Sign.TriesLeft);
    }

    [Fact]
    public void Pulling_the_card_at_each_try_gains_nothing()
    {
        TestCard card = new(TestCard.Issued());

        for (var i = 0; i < 10; i++)
        {
            card.Reinsert();
            card.Transmit(Application);
            card.Transmit(Wrong);
        }

        Assert.Equal(0, card.Image.Sign.TriesLeft);
        Assert.Equal("6984", Convert.ToHexString(card.Transmit(Right)));
    }

    internal static AdminChannel OpenChannel(TestCard card)
    {
        var key = TestCard.KeyOf(card.Image.Number);
        var ours = new byte[AdminChannel.ChallengeLength];
        card.Transmit(Application);
        var theirs = card.Transmit([0x00, 0x84, 0, 0, AdminChannel.ChallengeLength])[..^2];
        var proof = AdminChannel.DeviceProof(key, theirs, ours);
        var answer = card.Transmit(
            CommandApdu.Write(0x90, AdminInstruction.Authenticate, 0, 0, [.. ours, .. proof], 0));
        Assert.Equal(AdminChannel.CardProof(key, theirs, ours), answer[..^2]);
        return new(key, theirs, ours);
    }

    private static byte[] Send(TestCard card, byte[] command)
    {
        if (command.Length > 0)
            return card.Transmit(command);
        card.Reset();
        return [];
    }

    /// <summary>Every eight octets in a row of the secret numbers of the key.</summary>
    private static HashSet<ulong> Windows(byte[] pkcs8)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        var key = rsa.ExportParameters(includePrivateParameters: true);
        return [.. ((byte[]?[])[key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ]).SelectMany(n => In(n!))];
    }

    private static bool Leaks(HashSet<ulong> secrets, byte[] answer) => In(answer).Any(secrets.Contains);

    private static IEnumerable<ulong> In(byte[] octets) =>
        Enumerable.Range(0, Math.Max(0, octets.Length - Window + 1)).Select(at => BitConverter.ToUInt64(octets, at));
}
