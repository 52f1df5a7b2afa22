using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>
/// Hashes and writes octets piece by piece. A long run of them is hashed by one thread and written by another while the
/// caller makes the next piece; a short one is not worth the threads.
/// </summary>
internal sealed class PieceWriter : IDisposable
{
    public const int Octets = 1 << 18;

    private const int Pieces = 8;

    private readonly IncrementalHash hash;
    private readonly Stream output;
    private readonly BlockingCollection<byte[]> free = [];
    private readonly BlockingCollection<ArraySegment<byte>> unhashed = [];
    private readonly BlockingCollection<ArraySegment<byte>> unwritten = [];
    private readonly Task[] workers;

    public PieceWriter(HashAlgorithmName algorithm, Stream output, bool isLong)
    {
        (hash, this.output) = (IncrementalHash.CreateHash(algorithm), output);
        for (var i = 0; i < (isLong ? Pieces : 1); i++)
            free.Add(new byte[Octets]);
        workers = isLong ? [Start(HashPieces), Start(WritePieces)] : [];
    }

    /// <summary>An empty piece to fill; waits for one when all are on their way.</summary>
    public byte[] Next() => free.Take();

    /// <summary>The first octets of a piece from <see cref="Next"/>, which is the writer's again.</summary>
    public void Send(byte[] piece, int count)
    {
        if (workers.Length > 0)
        {
            unhashed.Add(new(piece, 0, count));
            return;
        }
        hash.AppendData(piece, 0, count);
        output.Write(piece, 0, count);
        free.Add(piece);
    }

    public void Send(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0)
        {
            var piece = Next();
            var count = Math.Min(octets.Length, piece.Length);
            octets[..count].CopyTo(piece);
            Send(piece, count);
            octets = octets[count..];
        }
    }

    /// <summary>Everything is hashed and written; the hash.</summary>
    public byte[] Finish()
    {
        unhashed.CompleteAdding();
        foreach (var worker in workers)
            worker.GetAwaiter().GetResult();
        return hash.GetHashAndReset();
    }

    public void Dispose()
    {
        unhashed.CompleteAdding();
        Task.WaitAll([.. workers.Select(w => w.ContinueWith(static _ => { }, TaskScheduler.Default))]);
        hash.Dispose();
        free.Dispose();
        unhashed.Dispose();
        unwritten.Dispose();
    }

    private static Task Start(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void HashPieces()
    {
        foreach (var piece in unhashed.GetConsumingEnumerable())
        {
            hash.AppendData(piece);
            unwritten.Add(piece);
        }
        unwritten.CompleteAdding();
    }

    /// <summary>After a failure the rest is passed over: nobody shall wait for pieces for ever.</summary>
    private void WritePieces()
    {
        Exception? failure = null;
        foreach (var piece in unwritten.GetConsumingEnumerable())
        {
            try
            {
                if (failure is null)
                    output.Write(piece);
            }
            catch (IOException e)
            {
                failure = e;
            }
            free.Add(piece.Array!);
        }
        if (failure is not null)
            throw new IOException(failure.Message, failure);
    }
}
