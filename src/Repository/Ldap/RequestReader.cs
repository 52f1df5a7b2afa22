namespace Jpki.Repository;

/// <summary>Reads one LDAPMessage. (RFC 4511 4.1.1)</summary>
internal static class RequestReader
{
    private const byte ControlsTag = 0xA0;
    private const byte SimpleTag = 0x80;
    private const byte SaslTag = 0xA3;

    /// <exception cref="FormatException">Not even the envelope can be read: the connection must end.</exception>
    internal static Request Read(ReadOnlySpan<byte> pdu, DirectoryLimits limits)
    {
        BerReader outer = new(pdu);
        var message = outer.Enter(Ber.Sequence);
        outer.End();
        var id = message.ReadNumber(Ber.Integer);
        var op = message.Tag;
        if (id == 0 || !Op.IsRequest(op))
            throw new FormatException(id == 0 ? "messageID 0" : $"0x{op:X2} is no request");
        var content = message.Read(op);
        try
        {
            var controls = message.IsEmpty ? [] : ReadControls(message.Enter(ControlsTag), limits);
            message.End();
            return ReadOperation(id, op, content, limits) with { Controls = controls };
        }
        catch (TooMuchException tooMuch)
        {
            return new UnreadableRequest(id, op, new(ResultCode.AdminLimitExceeded, tooMuch.Message));
        }
        catch (FormatException malformed)
        {
            return new UnreadableRequest(id, op, new(ResultCode.ProtocolError, malformed.Message));
        }
    }

    private static Request ReadOperation(
        int id, byte op, ReadOnlySpan<byte> content, DirectoryLimits limits) => op switch
        {
            Op.SearchRequest => ReadSearch(id, new(content), limits),
            Op.BindRequest => ReadBind(id, new(content)),
            Op.CompareRequest => ReadCompare(id, new(content)),
            Op.ExtendedRequest => ReadExtended(id, new(content)),
            Op.UnbindRequest => new UnbindRequest(id),
            Op.AbandonRequest => new AbandonRequest(id),
            _ => new ChangeRequest(id, op),
        };

    private static SearchRequest ReadSearch(int id, BerReader search, DirectoryLimits limits)
    {
        var baseObject = search.ReadText();
        var scope = search.ReadNumber(Ber.Enumerated);
        var dereference = search.ReadNumber(Ber.Enumerated); // There are no aliases here to dereference.
        if (scope > (int)SearchScope.Sub || dereference > 3)
            throw new FormatException($"scope {scope}, derefAliases {dereference}");
        var sizeLimit = search.ReadNumber(Ber.Integer);
        var timeLimit = search.ReadNumber(Ber.Integer);
        var typesOnly = search.ReadBoolean();
        var filter = new FilterReader(limits).Read(ref search);
        var attributes = search.Enter(Ber.Sequence);
        search.End();
        List<string> names = [];
        while (!attributes.IsEmpty)
        {
            if (names.Count == limits.MaxRequestedAttributes)
                throw new TooMuchException($"more than {limits.MaxRequestedAttributes} attributes requested");
            names.Add(attributes.ReadText());
        }
        return new(id, baseObject, (SearchScope)scope, filter, Selection.Of(names, typesOnly))
        {
            SizeLimit = sizeLimit,
            TimeLimit = timeLimit,
        };
    }

    private static BindRequest ReadBind(int id, BerReader bind)
    {
        var version = bind.ReadNumber(Ber.Integer);
        var name = bind.ReadText();
        if (bind.TryRead(SimpleTag, out var password))
        {
            bind.End();
            return new(id, version, name, password.ToArray(), null);
        }
        if (bind.IsEmpty || bind.Tag != SaslTag) // RFC 4511 4.2: an unknown choice is not malformed
            return new(id, version, name, null, "");
        var sasl = bind.Enter(SaslTag);
        bind.End();
        return new(id, version, name, null, sasl.ReadText());
    }

    private static CompareRequest ReadCompare(int id, BerReader compare)
    {
        var entry = compare.ReadText();
        var assertion = compare.Enter(Ber.Sequence);
        compare.End();
        var attribute = assertion.ReadText();
        var value = assertion.Read(Ber.OctetString).ToArray();
        assertion.End();
        return new(id, entry, attribute, value);
    }

    private static ExtendedRequest ReadExtended(int id, BerReader extended)
    {
        var name = extended.ReadText(0x80);
        extended.TryRead(0x81, out _);
        extended.End();
        return new(id, name);
    }

    private static List<Control> ReadControls(BerReader list, DirectoryLimits limits)
    {
        List<Control> controls = [];
        while (!list.IsEmpty)
        {
            if (controls.Count == limits.MaxControls)
                throw new TooMuchException($"more than {limits.MaxControls} controls");
            var control = list.Enter(Ber.Sequence);
            var oid = control.ReadText();
            var isCritical = !control.IsEmpty && control.Tag == Ber.Boolean && control.ReadBoolean();
            control.TryRead(Ber.OctetString, out var value);
            control.End();
            controls.Add(new(oid, isCritical, value.ToArray()));
        }
        return controls;
    }
}
