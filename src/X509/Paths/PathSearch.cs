namespace Jpki.X509.Paths;

/// <summary>
/// Looks for a path from an anchor down to the target, depth first and best first, and turns back at every check that
/// fails. Going down, the state of RFC 5280 6.1 is known at every step, so what fails is cut off at once; and an
/// authority from which the target could not be reached is not tried again in a state that allows no more. Thus the
/// work grows with the certificates there are, not with the ways through them.
/// </summary>
internal sealed class PathSearch
{
    private readonly PathPool pool;
    private readonly PathQuestion question;
    private readonly Facts target;
    private readonly Work work;
    private readonly IReadOnlyList<Facts> anchors;
    private readonly Dictionary<Name, List<Step>> below;
    private readonly HashSet<(Digest Certificate, PublicKey IssuerKey)> dead = [];
    private readonly HashSet<(string State, Name Name, PublicKey Key)> hopeless = [];
    private int closest = int.MaxValue;

    public PathSearch(
        PathPool pool, IReadOnlyList<Facts> anchors, PathQuestion question, Facts target, Work work)
    {
        (this.pool, this.question, this.target, this.work) = (pool, question, target, work);
        below = Climb();
        this.anchors = [.. anchors.Where(a => below.ContainsKey(a.Subject) && IsUsable(a))
            .OrderBy(a => below[a.Subject][0].Distance)];
    }

    /// <summary>What stopped the attempt that came closest to the target.</summary>
    public Objection? Obstacle { get; private set; }

    /// <summary>That attempt, the certificate that stopped it included.</summary>
    public IReadOnlyList<Facts> Furthest { get; private set; } = [];

    /// <summary>That certificate of a path found is revoked: never again takes it below that issuer's key.</summary>
    public void Forbid(FoundPath path, int index, Objection objection)
    {
        dead.Add((path.Certificates[index].Digest, path.Keys[index - 1]));
        work.Note(objection);
        if (closest >= 0)
            (closest, Obstacle, Furthest) = (-1, objection, path.Certificates);
    }

    /// <summary>The first path that passes everything but revocation; null when there is no more.</summary>
    public FoundPath? Find()
    {
        hopeless.Clear();
        foreach (var anchor in anchors)
        {
            if (Descend(anchor) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>
    /// What an anchor says of itself binds nobody, but for its name constraints; but what it calls critical and nobody
    /// here understands may be a limit on the trust in it.
    /// </summary>
    private bool IsUsable(Facts anchor)
    {
        var objection = anchor.UnknownCritical is { } oid
            ? anchor.Objection("RFC 5280 4.2", $"the anchor's critical extension {oid} is not processed")
            : anchor.NameRules is null && anchor.Certificate.Find(Oids.NameConstraints) is not null
                ? anchor.Objection("RFC 5937 3.2", "the anchor's name constraints cannot be read")
                : null;
        if (objection is not null)
            work.Note(objection);
        return objection is null;
    }

    private FoundPath? Descend(Facts anchor)
    {
        Stack<Frame> frames = new([new Frame(PathState.Start(anchor, question), null, this)]);
        while (frames.TryPeek(out var frame) && !work.IsExhausted)
        {
            if (frame.Next() is not { } step)
            {
                frames.Pop();
                hopeless.Add((frame.State.Fingerprint(), frame.State.Last.Subject, frame.State.Key));
                continue;
            }
            if (ReferenceEquals(step.Certificate, target))
            {
                if (Finish(frame, step) is { } found)
                    return found;
            }
            else if (Enter(frame, step) is { } entered)
            {
                frames.Push(entered);
            }
        }
        return null;
    }

    private FoundPath? Finish(Frame frame, Step step)
    {
        IReadOnlyList<string> policies = [];
        var objection = frame.State.Check(target, true, work)
            ?? frame.State.Finish(target, question, out policies);
        if (objection is null)
            return new([.. frame.Path(), target], [.. frame.Keys()], policies);
        Refuse(frame, step, objection);
        return null;
    }

    private Frame? Enter(Frame frame, Step step)
    {
        var objection = frame.State.Check(step.Certificate, false, work);
        var state = objection is null ? frame.State.Descend(step.Certificate, work, out objection) : null;
        if (state is null)
        {
            Refuse(frame, step, objection!);
            return null;
        }
        return hopeless.Count > 0 && hopeless.Contains((state.Fingerprint(), step.Certificate.Subject, state.Key))
            ? null : new Frame(state, frame, this);
    }

    private void Refuse(Frame frame, Step step, Objection objection)
    {
        work.Note(objection);
        if (step.Distance < closest)
            (closest, Obstacle, Furthest) = (step.Distance, objection, [.. frame.Path(), step.Certificate]);
    }

    /// <summary>
    /// Every certificate that may stand above the target, by its issuer, with its distance from the target: names only,
    /// and what each certificate says on its own. The nearest come first, and of these the newest.
    /// </summary>
    private Dictionary<Name, List<Step>> Climb()
    {
        Dictionary<Name, List<Step>> steps = new() { [target.Issuer] = [new(target, 0)] };
        Queue<(Name Subject, int Distance)> names = new([(target.Issuer, 1)]);
        HashSet<Name> seen = [target.Issuer];
        while (names.TryDequeue(out var name) && !work.IsExhausted)
        {
            foreach (var certificate in pool.Certificates(name.Subject))
            {
                if (CertificateRules.ForAuthority(certificate, question) is { } objection)
                {
                    work.Note(objection);
                    continue;
                }
                if (!steps.TryGetValue(certificate.Issuer, out var siblings))
                    steps[certificate.Issuer] = siblings = [];
                siblings.Add(new(certificate, name.Distance));
                if (seen.Add(certificate.Issuer))
                    names.Enqueue((certificate.Issuer, name.Distance + 1));
            }
        }
        foreach (var siblings in steps.Values.Where(s => s.Count > 1))
            siblings.Sort(Step.NearestFirst);
        return steps;
    }

    /// <summary>A certificate on the way, and how many certificates it is above the target at least.</summary>
    private sealed record Step(Facts Certificate, int Distance)
    {
        public static int NearestFirst(Step left, Step right) => left.Distance != right.Distance
            ? left.Distance.CompareTo(right.Distance)
            : right.Certificate.Certificate.NotBefore.CompareTo(left.Certificate.Certificate.NotBefore);
    }

    /// <summary>One certificate of the path being tried, and what may still come below it.</summary>
    private sealed class Frame
    {
        private readonly Frame? above;
        private readonly PathSearch search;
        private readonly List<Step> steps;
        private int position;
        private bool isSecondRound;

        public Frame(PathState state, Frame? above, PathSearch search)
        {
            (State, this.above, this.search) = (state, above, search);
            steps = search.below.TryGetValue(state.Last.Subject, out var below) ? below : [];
        }

        public PathState State { get; }

        /// <summary>First those whose key identifiers fit or are silent, then the others (RFC 4158 3.5.12).</summary>
        public Step? Next()
        {
            for (; ; position++)
            {
                if (position == steps.Count)
                {
                    if (isSecondRound)
                        return null;
                    (position, isSecondRound) = (-1, true);
                    continue;
                }
                var step = steps[position];
                if (Contradicts(step.Certificate) != isSecondRound || !IsOpen(step.Certificate))
                    continue;
                position++;
                return step;
            }
        }

        public List<Facts> Path()
        {
            List<Facts> path = [];
            for (var frame = this; frame is not null; frame = frame.above)
                path.Add(frame.State.Last);
            path.Reverse();
            return path;
        }

        public Stack<PublicKey> Keys()
        {
            Stack<PublicKey> keys = [];
            for (var frame = this; frame is not null; frame = frame.above)
                keys.Push(frame.State.Key);
            return keys;
        }

        private bool Contradicts(Facts certificate) => certificate.AuthorityKeyId is { } wanted
            && State.Last.SubjectKeyId is { } there && !wanted.Span.SequenceEqual(there.Span);

        /// <summary>Not forbidden, and not an authority that already stands above: a loop leads nowhere new.</summary>
        private bool IsOpen(Facts certificate)
        {
            if (search.dead.Count > 0 && search.dead.Contains((certificate.Digest, State.Key)))
                return false;
            if (ReferenceEquals(certificate, search.target))
                return true;
            for (var frame = this; frame is not null; frame = frame.above)
            {
                if (frame.State.Last.IsSameEntity(certificate))
                    return false;
            }
            return true;
        }
    }
}

/// <summary>
/// A path that passes everything but revocation, anchor first, with the key that each certificate holds.
/// </summary>
internal sealed record FoundPath(
    IReadOnlyList<Facts> Certificates, IReadOnlyList<PublicKey> Keys, IReadOnlyList<string> Policies);
