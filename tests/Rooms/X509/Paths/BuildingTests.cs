using System.Diagnostics;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.X509.Paths;

/// <summary>Finding the way: wrong turns, loops, meshes, and work that must have an end.</summary>
public sealed class BuildingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Hierarchy root = new("Root");
    private readonly Hierarchy middle = new("Middle");
    private readonly Hierarchy issuing = new("Issuing");

    [Fact]
    public void A_wrong_turn_is_taken_back()
    {
        using Hierarchy dead = new("Dead end");
        var expired = root.Sign(root.LeafContent() with { Subject = issuing.Name, NotAfter = Hierarchy.Start });

        var answer = Asking.About(issuing.Leaf(), root.SelfSigned,
            dead.Certify(issuing), expired, dead.Certify(middle), middle.Certify(issuing), root.Certify(middle));

        Assert.True(answer.IsValid, $"{answer.Objection}");
    }

    [Fact]
    public void Constraints_on_the_shortest_way_leave_the_longer_one()
    {
        var leaf = issuing.Leaf(Extensions.SubjectAltName(GeneralName.Of(GeneralNameKind.DnsName, "here.test")));

        var answer = Asking.About(leaf, root.SelfSigned,
            root.Certify(issuing, Constraint("elsewhere.test")), root.Certify(middle), middle.Certify(issuing));

        Assert.True(answer.IsValid, $"{answer.Objection}");
        Assert.Equal(4, answer.Path.Count);
        Assert.Contains(answer.Tried, t => t.Section.Contains("6.1.3(b)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_revoked_cross_certificate_leaves_the_other_way()
    {
        var revoked = root.Certify(issuing);
        Certificate[] pool = [revoked, root.Certify(middle), middle.Certify(issuing)];
        var leaf = issuing.Leaf();

        var answer = new PathValidator(TimeProvider.System).Validate(
            new([root.SelfSigned], pool,
                [root.List(new RevokedEntry(revoked.Serial, Hierarchy.Start, 1)), middle.List(), issuing.List()]),
            Asking.Question(leaf) with { Revocation = RevocationMode.Required });

        Assert.True(answer.IsValid, $"{answer.Objection}");
        Assert.Equal(4, answer.Path.Count);
    }

    [Fact]
    public void Key_identifiers_that_lie_do_not_hide_the_way()
    {
        var content = issuing.LeafContent(Extensions.AuthorityKeyIdentifier(new byte[20]));

        Assert.True(Asking.About(issuing.Sign(content), root.SelfSigned, root.Certify(issuing)).IsValid);
    }

    [Fact]
    public void Loops_end()
    {
        var answer = Asking.About(issuing.Leaf(), root.SelfSigned,
            middle.Certify(issuing), issuing.Certify(middle), middle.Certify(middle), issuing.Certify(issuing));

        Assert.False(answer.IsValid);
        Assert.False(answer.IsGivenUp);
    }

    [Fact]
    public void A_row_of_a_thousand_authorities_overflows_no_stack()
    {
        var row = Enumerable.Range(0, 1000).Select(i => new Hierarchy($"CA {i}", root.Key)).ToArray();
        var pool = row.Zip(row.Skip(1), (above, below) => above.Certify(below)).Append(root.Certify(row[0]));

        var answer = Asking.About(row[^1].Leaf(), root.SelfSigned, pool);

        Assert.True(answer.IsValid, $"{answer.Objection}");
        Assert.Equal(1002, answer.Path.Count);
    }

    [Fact]
    public void A_full_mesh_without_a_way_out_is_left_soon()
    {
        var mesh = Enumerable.Range(0, 25).Select(i => new Hierarchy($"CA {i}")).ToArray();
        var pool = mesh.SelectMany(above => mesh.Select(below => above.Certify(below))).ToList();
        // The anchor certifies all of them, and lets none of them certify the leaf.
        pool.AddRange(mesh.Select(m => root.Certify(m, Constraint("elsewhere.test"))));
        var leaf = mesh[0].Leaf(Extensions.SubjectAltName(GeneralName.Of(GeneralNameKind.DnsName, "here.test")));
        var started = Stopwatch.GetTimestamp();

        var answer = Asking.About(leaf, root.SelfSigned, pool);

        Assert.False(answer.IsValid);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Patience);
        Array.ForEach(mesh, m => m.Dispose());
    }

    [Fact]
    public void Many_keys_of_one_name_end_at_the_limit_which_is_a_reason_of_its_own()
    {
        var pool = Enumerable.Range(0, 40).Select(_ => new Hierarchy("Middle")).Select(m => root.Certify(m)).ToList();
        using Hierarchy stranger = new("Middle");
        PathValidator validator = new(new(), TimeProvider.System, new() { SignatureChecks = 30 });

        var answer = validator.Validate(new([root.SelfSigned], pool, []), Asking.Question(stranger.Leaf()));

        Assert.True(answer.IsGivenUp);
        Assert.Contains("more than 30 signature checks", answer.Objection!.Reason, StringComparison.Ordinal);
        Assert.Equal(30, answer.SignatureChecks);
    }

    [Fact]
    public void Time_that_runs_out_is_a_reason_too()
    {
        var answer = new PathValidator(new(), new Hurrying(), new()).Validate(
            new([root.SelfSigned], [root.Certify(issuing)], []), Asking.Question(issuing.Leaf()));

        Assert.True(answer.IsGivenUp);
        Assert.Contains("2 seconds", answer.Objection!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_once_seen_are_not_checked_again()
    {
        PathValidator validator = new(TimeProvider.System);
        PathPool pool = new([root.SelfSigned], [root.Certify(issuing)], []);

        Assert.Equal(2, validator.Validate(pool, Asking.Question(issuing.Leaf())).SignatureChecks);
        Assert.Equal(1, validator.Validate(pool, Asking.Question(issuing.Leaf())).SignatureChecks);
    }

    public void Dispose()
    {
        root.Dispose();
        middle.Dispose();
        issuing.Dispose();
    }

    private static Extension Constraint(string domain) => Extensions.NameConstraints(
        new([GeneralName.Of(GeneralNameKind.DnsName, domain)], []));

    /// <summary>A clock on which a second passes between any two looks at it.</summary>
    private sealed class Hurrying : TimeProvider
    {
        private long ticks;

        public override long GetTimestamp() => ticks += TimestampFrequency;
    }
}
