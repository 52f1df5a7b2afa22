using Jpki.Repository;
using Xunit;
using static Jpki.Tests.Rooms.Repository.RawLdap;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>What strangers send gets one clear answer, and the server stays up.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        await raw.Send([.. Enumerable.Range(1, 500).Select(i => Search(i, "c=JP", All, 0))]);

        for (var i = 1; i <= 500; i++)
        {
            Assert.Equal((i, Op.SearchResultEntry, -1), await raw.Receive());
            Assert.Equal((i, Op.SearchResultDone, 0), await raw.Receive());
        }
    }

    [Fact]
    public async Task A_request_may_come_octet_by_octet()
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        foreach (var octet in Search(300, "c=JP", All, 0))
            await raw.Send([octet]);

        Assert.Equal((300, Op.SearchResultDone, 0), await raw.ReceiveResult());
    }

    [Fact]
    public async Task Abandon_and_unbind_are_not_answered()
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        await raw.Send(Search(1, "c=JP", All, 0), Message(2, [Op.AbandonRequest, 1, 1]), Extended(3, "1.2.3"),
            Message(4, [Op.UnbindRequest, 0]));

        Assert.Equal((1, Op.SearchResultDone, 0), await raw.ReceiveResult());
        Assert.Equal((3, Op.ExtendedResponse, 2), await raw.Receive());
        Assert.True(await raw.IsClosed());
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "not BER at all", "474554202F20485454502F312E310D0A" },
        { "indefinite length", "3080020101" },
        { "length of five octets", "308500000000010201" },
        { "length above 2^31", "3084FFFFFFFF020101" },
        { "no messageID", "3003630100" },
        { "messageID 0", "300502010042 00" },
        { "negative messageID", "30050201FF4200" },
        { "messageID above 2^31", "300902050080000000 4200" },
        { "an answer instead of a request", "300C02010165070A010004000400" },
        { "an operation longer than the message", "3006020101637F00" },
        { "a tag of two octets", "3F8130" },
        { "empty message", "3000" },
    };

    [Theory, MemberData(nameof(Broken))]
    public async Task A_message_that_cannot_be_read_ends_the_connection_with_a_notice(string what, string hex)
    {
        Assert.NotEmpty(what);
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        await raw.Send(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal((0, Op.ExtendedResponse, (int)ResultCode.ProtocolError), await raw.Receive());
        Assert.True(await raw.IsClosed());
        Assert.Equal("ldap request", Assert.Single(room.Log).What);
        room.Search("-b", "c=JP", "-s", "base").Succeeded();
    }

    [Fact]
    public async Task An_operation_that_cannot_be_read_is_answered_and_the_connection_goes_on()
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        await raw.Send(
            Message(1, [Op.SearchRequest, 2, 4, 9]),
            Search(2, "c=JP", [0xBF, 0]),
            Search(3, "c=JP", All, 3),
            Search(4, "c=JP", Ber.Element(0xA4, Text("cn"), Ber.Element(Ber.Sequence))),
            Message(5, Ber.Element(Op.BindRequest, Number(Ber.Integer, 2), Text(""), [0x80, 0])),
            Message(6,
                Ber.Element(Op.BindRequest, Number(Ber.Integer, 3), Text(""), Ber.Element(0xA3, Text("DIGEST-MD5")))),
            Search(7, "c=JP", All, 0));

        foreach (var id in new[] { 1, 2, 3, 4 })
            Assert.Equal((id, Op.SearchResultDone, 2), await raw.Receive());
        Assert.Equal((5, Op.BindResponse, 2), await raw.Receive());
        Assert.Equal((6, Op.BindResponse, 7), await raw.Receive());
        Assert.Equal((7, Op.SearchResultDone, 0), await raw.ReceiveResult());
    }

    [Fact]
    public async Task A_request_may_not_be_larger_than_the_limit()
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        await raw.Send([0x30, 0x83, 0x01, 0x00, 0x00]);

        Assert.Equal((0, Op.ExtendedResponse, 2), await raw.Receive());
        Assert.True(await raw.IsClosed());
    }

    [Theory]
    [InlineData(31, 0)]
    [InlineData(32, 11)]
    [InlineData(10_000, 11)]
    public async Task A_filter_may_not_be_deeper_than_the_limit(int negations, int code)
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);
        var filter = All;
        for (var i = 0; i < negations; i++)
            filter = Ber.Element(0xA2, filter);

        await raw.Send(Search(1, "c=JP", filter, 0));

        Assert.Equal((1, Op.SearchResultDone, code), await raw.ReceiveResult());
    }

    [Theory]
    [InlineData(511, 0)]
    [InlineData(512, 11)]
    public async Task A_filter_may_not_have_more_terms_than_the_limit(int terms, int code)
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        await raw.Send(Search(1, "c=JP", Ber.Element(0xA1, [.. Enumerable.Repeat(All, terms)]), 0));

        Assert.Equal((1, Op.SearchResultDone, code), await raw.ReceiveResult());
    }

    [Fact]
    public async Task A_request_that_dribbles_in_too_slowly_ends_the_connection()
    {
        await using var room = await DirectoryRoom.Open(new() { PduTimeout = TimeSpan.FromSeconds(1) });
        await using var raw = await Connect(room);
        var search = Search(1, "c=JP", All, 0);

        for (var i = 0; i < 4; i++)
        {
            await raw.Send([search[i]]);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Equal((0, Op.ExtendedResponse, (int)ResultCode.Unavailable), await raw.Receive());
        Assert.True(await raw.IsClosed());
    }

    [Fact]
    public async Task An_idle_connection_is_closed()
    {
        await using var room = await DirectoryRoom.Open(new() { IdleTimeout = TimeSpan.FromSeconds(1) });
        await using var raw = await Connect(room);

        Assert.Equal((0, Op.ExtendedResponse, (int)ResultCode.Unavailable), await raw.Receive());
        Assert.True(await raw.IsClosed());
    }

    [Fact]
    public async Task Requests_smuggled_in_behind_StartTLS_are_not_answered()
    {
        await using var room = await DirectoryRoom.Open();
        await using var raw = await Connect(room);

        await raw.Send(Extended(1, "1.3.6.1.4.1.1466.20037"), Search(2, "c=JP", All, 0));

        Assert.Equal((1, Op.ExtendedResponse, 1), await raw.Receive());
        Assert.True(await raw.IsClosed());
    }

    [Fact]
    public async Task One_connection_too_many_is_turned_away()
    {
        await using var room = await DirectoryRoom.Open(new() { MaxConnections = 1 });
        await using var first = await Connect(room);
        await first.Send(Search(1, "c=JP", All, 0));
        await first.ReceiveResult();

        await using var second = await Connect(room);

        Assert.Equal((0, Op.ExtendedResponse, (int)ResultCode.Unavailable), await second.Receive());
    }

    [Fact]
    public async Task Guessing_passwords_ends_the_connection()
    {
        await using var room = await DirectoryRoom.Open(new() { MaxFailedBinds = 1 });

        Assert.Equal(49, room.Run("ldapwhoami", "-x", "-ZZ", "-H", room.Ldap, "-D", "c=JP", "-w", "x").ExitCode);
        Assert.Equal("refused: invalid credentials", Assert.Single(room.Log).Result);
    }
}
