namespace Jpki.Card;

/// <summary>The card, or what leads to it, does not do what a card does.</summary>
public class CardException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>The command that was under way, by the standard's name or ours; null before any.</summary>
    public string? Step { get; internal set; }
}

/// <summary>The card has left the reader; nobody knows whether the last command was carried out.</summary>
public sealed class CardRemovedException(string message, Exception? cause = null) : CardException(message, cause);
