using System.Security.Cryptography;

namespace Jpki.Hsm;

/// <summary>
/// Compares passwords, a few at a time, and takes as long for nobody's as for somebody's. (CPS 5-2-3, 5-1-2-2)
/// </summary>
public sealed class PasswordGate(RandomNumberGenerator random)
{
    // Argon2id costs 19 MiB a time: strangers must not make us do many at once.
    private static readonly SemaphoreSlim Few = new(2);

    private readonly Lazy<string> nobodys = new(() => PasswordHash.Create("nobody", random));

    /// <param name="password">What was typed.</param>
    /// <param name="hash">As <see cref="PasswordHash"/> writes it; null where there is nobody.</param>
    public Task<bool> IsRight(string password, string? hash) =>
        OneOfFew(() => PasswordHash.Verify(password, hash ?? nobodys.Value) && hash is not null);

    public Task<string> Hash(string password) => OneOfFew(() => PasswordHash.Create(password, random));

    private static async Task<T> OneOfFew<T>(Func<T> work)
    {
        await Few.WaitAsync();
        try
        {
            return await Task.Run(work);
        }
        finally
        {
            Few.Release();
        }
    }
}
