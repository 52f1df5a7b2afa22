using System.Formats.Asn1;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>What the Authority may put on the shelves, and what becomes of the rest.</summary>
public sealed class PublicationTests
{
    [Fact, Cps("2-1-9"), Cps("2-6-4")]
    public async Task What_was_published_is_there_after_a_restart_without_the_Authority()
    {
        await using var room = await DirectoryRoom.Open();

        using var reopened = room.OpenShelves();

        Assert.Equal(room.Shelves.Version, reopened.Version);
        Assert.Equal(room.Shelves.Tree.Count, reopened.Tree.Count);
        Assert.Null(reopened.Trouble);
    }

    [Fact, Cps("4-4-9")]
    public async Task The_next_list_replaces_the_last_and_a_rise_of_the_number_is_enough()
    {
        await using var room = await DirectoryRoom.Open();

        var receipt = await Publish(room, room.Crl(2), room.Arl(2));

        Assert.Null(receipt);
        Assert.Equal(2, room.Shelves.Version);
        Assert.Equal("publication", Assert.Single(room.Log).What);
    }

    [Fact]
    public async Task The_same_publication_twice_is_taken_twice_and_changes_nothing()
    {
        await using var room = await DirectoryRoom.Open();
        byte[][] lists = [room.Crl(2), room.Arl(2)];
        await room.Shelves.Publish(crls: lists);

        var again = (await room.Shelves.Publish(crls: lists)).Value!;

        Assert.Equal((2, 0), (again.Version, again.Changed));
    }

    [Fact, Cps("4-4-9")]
    public async Task A_list_with_an_old_number_is_refused_and_the_rest_of_its_publication_with_it()
    {
        await using var room = await DirectoryRoom.Open();
        await Publish(room, room.Crl(5));

        Assert.Equal("4-4-9", await Publish(room, room.Arl(2), room.Crl(4)));

        Assert.Equal(2, room.Shelves.Version);
        Assert.Null(await Publish(room, room.Arl(2)));
    }

    [Fact, Cps("7-2-1")]
    public async Task A_list_that_a_stranger_signed_is_refused()
    {
        await using var room = await DirectoryRoom.Open();
        using TestPki stranger = new(TestKey.P256());

        Assert.Equal("7-2-1", await Publish(room, stranger.Crl().Der.ToArray()));
        Assert.Equal("7-2-1", await Publish(room, Forged(room, stranger)));
    }

    [Fact, Cps("4-4-4-4"), Cps("7-2-2")]
    public async Task A_list_belongs_where_its_distribution_point_says()
    {
        await using var room = await DirectoryRoom.Open();
        var elsewhere = Name.Parse("CN=Tokyo CRLDP,OU=Tokyo-to,O=JPKI-TEST,C=JP");

        Assert.Equal("4-4-4-4", await Publish(room, room.List(9, elsewhere, isForAuthorities: false)));
        Assert.Equal("7-2-2", await Publish(room, room.List(9, TestPki.CaName, isForAuthorities: false)));
        Assert.Equal("7-2-1", await Publish(room, room.List(9, TestPki.CrldpName, isForAuthorities: true)));
        Assert.Equal("4-4-4-4", await Publish(room, room.Crl(9), room.Crl(10)));
        Assert.Equal("4-4-4-4", await Publish(room, WithoutPoint(room)));
    }

    [Fact, Cps("4-4-9"), Cps("4-4-10")]
    public async Task A_list_lives_72_hours_and_is_refused_afterwards()
    {
        await using var room = await DirectoryRoom.Open();
        var long_ = (room.Pki.CrlContent() with { NextUpdate = TestPki.Start.AddHours(73) })
            .Sign([], room.Pki.Key.SignHash);
        Assert.Equal("4-4-9", await Publish(room, long_.Der.ToArray()));

        room.Clock.Advance(TimeSpan.FromHours(72));

        Assert.Equal("4-4-10", await Publish(room, room.Crl(2)));
        Assert.Contains("4-4-10", room.Shelves.Trouble, StringComparison.Ordinal);
    }

    [Fact, Cps("2-6-1")]
    public async Task A_residents_certificate_is_not_public()
    {
        await using var room = await DirectoryRoom.Open();
        using var key = TestKey.P256();
        var leaf = room.Pki.Sign(room.Pki.Leaf(key.PublicKey));

        var outcome = await room.Shelves.Publish([leaf.Der.ToArray()]);

        Assert.Equal("2-6-1", outcome.Refusal?.Clause.Number);
    }

    [Fact, Cps("4-11-2")]
    public async Task Nothing_is_published_that_cannot_be_logged()
    {
        await using var room = await DirectoryRoom.Open();
        room.LogIsBroken = true;

        Assert.Equal("4-11-2", await Publish(room, room.Crl(2)));
        Assert.Equal(1, room.Shelves.Version);

        room.LogIsBroken = false;
        Assert.Null(await Publish(room, room.Crl(2)));
        Assert.Null(room.Shelves.Trouble);
    }

    [Fact]
    public async Task Octets_that_are_no_list_are_malformed_not_refused()
    {
        await using var room = await DirectoryRoom.Open();

        await Assert.ThrowsAsync<AsnContentException>(() => Publish(room, [0x30, 0x03, 1, 2]));
        Assert.Null(await Publish(room, room.Crl(2)));
    }

    [Fact, Cps("2-6-4")]
    public async Task An_unfinished_publication_leaves_the_one_before()
    {
        await using var room = await DirectoryRoom.Open();
        var folder = Path.Combine(room.Scratch.Root, "repository");
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json.new"), "{ \"version",
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "objects", "ab.der.new"), "half",
            TestContext.Current.CancellationToken);

        using var reopened = room.OpenShelves();
        Assert.Equal(1, reopened.Version);

        Assert.Null((await reopened.Publish(crls: [room.Crl(2)])).Refusal);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(folder, "objects")).Length);
    }

    [Fact]
    public async Task A_damaged_object_stops_the_start()
    {
        await using var room = await DirectoryRoom.Open();
        var path = Directory.GetFiles(Path.Combine(room.Scratch.Root, "repository", "objects"))[0];
        await File.AppendAllTextAsync(path, "x", TestContext.Current.CancellationToken);

        Assert.Throws<InvalidDataException>(() => room.OpenShelves().Dispose());
    }

    private static async Task<string?> Publish(DirectoryRoom room, params byte[][] lists) =>
        (await room.Shelves.Publish(crls: lists)).Refusal?.Clause.Number;

    /// <summary>Names the right key and is signed by another.</summary>
    private static byte[] Forged(DirectoryRoom room, TestPki stranger) =>
        room.Pki.CrlContent().Sign([], stranger.Key.SignHash).Der.ToArray();

    private static byte[] WithoutPoint(DirectoryRoom room) => (room.Pki.CrlContent() with
    {
        Extensions = [room.Pki.AuthorityKeyIdentifier, Extensions.CrlNumber(9)],
    }).Sign([], room.Pki.Key.SignHash).Der.ToArray();
}
