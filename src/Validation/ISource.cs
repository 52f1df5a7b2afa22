namespace Jpki.Validation;

/// <summary>Somewhere candidates are fetched from: certificates and CRLs, unproved. 取得元</summary>
internal interface ISource
{
    bool Serves(Uri place);

    /// <summary>
    /// What is there, value by value. Throws <see cref="IOException"/> or <see cref="HttpRequestException"/> when the
    /// place does not answer, or answers more than <paramref name="maxOctets"/>.
    /// </summary>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> Fetch(Uri place, int maxOctets, CancellationToken stop);
}
