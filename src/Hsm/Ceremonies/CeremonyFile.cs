using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm.Quorum;

namespace Jpki.Hsm.Ceremonies;

/// <summary>Somebody who takes part with a password, and perhaps a card too.</summary>
/// <param name="Id">His id.</param>
/// <param name="Password">As <c>jpki ceremony password</c> hashes it.</param>
/// <param name="Card">His card, with the digest of its key; null when the password is enough.</param>
public sealed record Seat(string Id, string Password, PersonalCard? Card = null);

/// <summary>A key custodian: his share lies in a folder of his own.</summary>
/// <param name="Id">His id.</param>
/// <param name="Folder">Where his share is, or will be.</param>
/// <param name="IsPresent">Whether he is here; a quorum is enough for all but establishing.</param>
/// <param name="Card">The card that opens his share; null when a passphrase does.</param>
public sealed record CustodianSeat(string Id, string Folder, bool IsPresent = true, PersonalCard? Card = null);

/// <summary>One act, and what it is about. Which fields it takes, <see cref="CeremonyActs"/> says.</summary>
public sealed record CeremonyStep(
    string Act,
    string? Token = null,
    string? Module = null,
    string? Serial = null,
    string? FactorySoPin = null,
    string? Key = null,
    string? Algorithm = null,
    string? Backup = null,
    string? File = null,
    int? Threshold = null,
    ImmutableArray<CustodianSeat>? Custodians = null,
    string? Person = null);

/// <summary>
/// A key ceremony as one file that people can review: who, with whom, what, in which order. Running it is following it.
/// (CPS 5-2-2, 6-1-1-1)
/// </summary>
public sealed record CeremonyFile
{
    private const int LargestFile = 256 * 1024;

    public required string Title { get; init; }

    /// <summary>The folder of the custody's record.</summary>
    public required string Custody { get; init; }

    /// <summary>The folder that the sealed log and the printed records go to.</summary>
    public required string Records { get; init; }

    /// <summary>The CA manager, whose instruction this file is. (CPS 5-2-2②)</summary>
    public required Seat InstructedBy { get; init; }

    /// <summary>Somebody who only watches, and confirms what happened.</summary>
    public required Seat Witness { get; init; }

    /// <summary>Those who open the HSM before the custodians activate a key. (CPS 5-2-1-1(6))</summary>
    public ImmutableArray<Seat> SeniorOperators { get; init; } = [];

    public required ImmutableArray<CustodianSeat> Custodians { get; init; }

    public required ImmutableArray<CeremonyStep> Steps { get; init; }

    /// <summary>Reads a file; what is wrong with it is a <see cref="FormatException"/>.</summary>
    public static CeremonyFile Read(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > LargestFile)
            throw new FormatException($"a ceremony has at most {LargestFile} octets");
        try
        {
            var file = JsonSerializer.Deserialize<CeremonyFile>(octets, FormJson.Options)
                ?? throw new FormatException("the file is empty");
            return file.Steps is [] ? throw new FormatException("it has no steps") : file.Checked();
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>SHA-256 of the reviewed octets, in hexadecimal digits.</summary>
    public static string DigestOf(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(SHA256.HashData(octets));

    /// <summary>Why these people cannot hold this ceremony; null when they can.</summary>
    public Refusal? Objection()
    {
        // Those of a renewal sit down when the others have left their chairs.
        var tables = Steps.Select(s => s.Custodians).OfType<ImmutableArray<CustodianSeat>>().Prepend(Custodians);
        if (tables.Select(TwoChairs).FirstOrDefault(no => no is not null) is { } twice)
            return twice;
        if (Custodians.Count(c => c.IsPresent) < 2)
            return new("6-2-1-2", "it takes several key custodians: at least 2 present");
        return SeniorOperators.Length < 2 && Steps.Any(s => s.Act is "activate" or "deactivate")
            ? new("5-2-1-1(6)", "it takes several senior operators to open or close the HSM: at least 2")
            : null;
    }

    /// <summary>One person, or one card, on two chairs.</summary>
    private Refusal? TwoChairs(ImmutableArray<CustodianSeat> custodians)
    {
        Seat[] others = [InstructedBy, Witness, .. SeniorOperators];
        (string Id, PersonalCard? Card)[] all =
            [.. others.Select(s => (s.Id, s.Card)), .. custodians.Select(c => (c.Id, c.Card))];
        if (all.GroupBy(s => s.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return new("5-2-2①", $"{twice.Key} sits on two chairs");
        return all.Where(s => s.Card is not null).GroupBy(s => (s.Card!.Module, s.Card.Token))
            .FirstOrDefault(g => g.Count() > 1) is { } card
                ? new("5-2-2①", $"card \"{card.Key.Token}\" is for {string.Join(" and ", card.Select(s => s.Id))}")
                : null;
    }

    private CeremonyFile Checked()
    {
        foreach (var (i, step) in Steps.Index())
        {
            if (CeremonyActs.Trouble(step) is { } trouble)
                throw new FormatException($"step {i + 1}: {trouble}");
        }
        Seat[] seats = [InstructedBy, Witness, .. SeniorOperators];
        if (seats.FirstOrDefault(s => s.Card is { PublicKey: null }) is { } vague)
            throw new FormatException($"{vague.Id}: the card of who has no share needs its \"publicKey\" (SHA-256)");
        return this;
    }
}
