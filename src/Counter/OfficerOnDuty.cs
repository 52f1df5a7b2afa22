namespace Jpki.Counter;

/// <summary>
/// An officer who has logged in and is still there. Only <see cref="LogIns"/> makes one, and every act at the counter
/// asks for one. 窓口職員 (CPS 5-1-2-2)
/// </summary>
public sealed record OfficerOnDuty
{
    internal OfficerOnDuty(string id, string municipality) => (Id, Municipality) = (id, municipality);

    public string Id { get; }

    /// <summary>The only municipality whose residents this officer sees.</summary>
    public string Municipality { get; }

    internal static readonly Jpki.Cps.Refusal NotYours = new("5-1-2-2", "他の市町村の窓口の取扱いです。");
}

/// <summary>The answer to a log-in.</summary>
/// <param name="Token">Shown once; the store keeps only its hash.</param>
/// <param name="Officer">Who logged in.</param>
/// <param name="Municipality">Whose residents that officer sees.</param>
/// <param name="ExpiresAt">The end of the session; 15 idle minutes end it earlier.</param>
public sealed record LoggedIn(string Token, string Officer, string Municipality, DateTimeOffset ExpiresAt);
