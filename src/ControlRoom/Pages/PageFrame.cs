using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Microsoft.AspNetCore.Antiforgery;

namespace Jpki.ControlRoom.Pages;

/// <summary>What every page of the console shows around its content.</summary>
public sealed record PageFrame
{
    public required string Title { get; init; }

    public required string English { get; init; }

    /// <summary>Null before the log-in.</summary>
    public OfficerOnDuty? Officer { get; init; }

    /// <summary>Goes into every form of the page.</summary>
    public required AntiforgeryTokenSet Token { get; init; }

    /// <summary>Why the last act was refused.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>What is broken outside this room, so that the act could not be done now.</summary>
    public string? Trouble { get; init; }

    /// <summary>What the last act came to.</summary>
    public string? Message { get; init; }

    /// <summary>What is wrong with one field of the form that was sent; null when nothing is.</summary>
    public string? ErrorOf(string field) => Refusal?.Field == field ? Refusal.Reason : null;

    /// <summary>Whether the officer's roles let him do this.</summary>
    public bool May(Duty duty) => Officer?.ObjectionTo(duty) is null && Officer is not null;
}
