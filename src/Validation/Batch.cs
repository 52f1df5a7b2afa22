namespace Jpki.Validation;

/// <summary>
/// Questions one a line, answers one a line, in order. A line that is bad, or too long, is answered like any other and
/// the batch goes on. Answers are flushed whenever the next question is not there yet, so that a caller may wait for
/// each. 一括検証
/// </summary>
public sealed class Batch(ValidationDesk desk, int maxLineOctets = Batch.DefaultMaxLineOctets)
{
    /// <summary>Room for a CRL of a million entries in base64, and more.</summary>
    public const int DefaultMaxLineOctets = 128 << 20;

    private const int FirstBuffer = 1 << 16;

    private byte[] buffer = new byte[FirstBuffer];
    private int filled;

    /// <summary>How much of what is filled has no end of line in it.</summary>
    private int searched;
    private bool isTooLong;

    /// <summary>Until the questions end; how many there were.</summary>
    public async Task<int> Run(Stream questions, Stream answers, CancellationToken stop)
    {
        var count = 0;
        while (true)
        {
            if (TakeLine(isEnd: false) is { } answer)
            {
                await answers.WriteAsync(answer, stop);
                count++;
                continue;
            }
            await answers.FlushAsync(stop);
            if (await Fill(questions, stop))
                continue;
            if (TakeLine(isEnd: true) is { } last)
            {
                await answers.WriteAsync(last, stop);
                count++;
            }
            await answers.FlushAsync(stop);
            return count;
        }
    }

    /// <summary>The answer to the next line that is complete; null when none is. Blank lines are skipped.</summary>
    private byte[]? TakeLine(bool isEnd)
    {
        while (true)
        {
            var end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (end < 0 && !(isEnd && filled > 0))
            {
                searched = filled;
                return null;
            }
            var length = end < 0 ? filled : searched + end;
            var line = buffer.AsSpan(0, length).Trim(" \t\r"u8);
            var answer = isTooLong ? TooLong() : line.IsEmpty ? null : desk.Answer(line);
            Drop(end < 0 ? filled : length + 1);
            isTooLong = false;
            if (answer is not null)
                return [.. answer, (byte)'\n'];
        }
    }

    private async Task<bool> Fill(Stream questions, CancellationToken stop)
    {
        if (filled >= maxLineOctets)
        {
            isTooLong = true;
            Drop(filled);
        }
        if (filled == buffer.Length)
            Array.Resize(ref buffer, Math.Min(2 * buffer.Length, Math.Max(maxLineOctets, FirstBuffer)));
        var read = await questions.ReadAsync(buffer.AsMemory(filled), stop);
        filled += read;
        return read > 0;
    }

    private void Drop(int octets)
    {
        buffer.AsSpan(octets, filled - octets).CopyTo(buffer);
        (filled, searched) = (filled - octets, 0);
        if (filled == 0 && buffer.Length > 16 * FirstBuffer)
            buffer = new byte[FirstBuffer];
    }

    private byte[] TooLong() => ValidationDesk.Write(new()
    {
        Valid = false,
        Reason = $"the question is longer than {maxLineOctets} octets",
    });
}
