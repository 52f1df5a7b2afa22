using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Jpki.Card.Readers;

namespace Jpki.Host.Commands;

/// <summary><c>jpki card insert</c>: the card is in vpcd's virtual reader until Ctrl-C.</summary>
internal static class CardInsertion
{
    /// <summary>Vpcd asks whether the card is there more often than once a second.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private static readonly Option<string> Vpcd = new("--vpcd")
    {
        Description = "vpcd のアドレス / where vpcd listens",
        DefaultValueFactory = _ => $"127.0.0.1:{VpcdLink.DefaultPort}",
    };

    public static Command Create(Argument<FileInfo> image)
    {
        Command insert = new("insert", "仮想リーダーに入れておく / put it into vpcd's reader until Ctrl-C") { image, Vpcd };
        insert.SetAction((parsed, cancelled) =>
            Run(parsed.GetValue(image)!, Address.Parse(parsed.GetValue(Vpcd)!), cancelled));
        return insert;
    }

    private static async Task<int> Run(FileInfo file, Address vpcd, CancellationToken stop)
    {
        using var random = RandomNumberGenerator.Create();
        using var card = CardCommands.WithImage(file, path => new VirtualReader(path, random));
        try
        {
            var connection = await Connect(vpcd, stop);
            while (true)
            {
                using (connection)
                    await Serve(connection, card, vpcd, stop);
                Console.Error.WriteLine("vpcd が閉じました。戻るのを待ちます。 / vpcd has closed; waiting for it");
                connection = await Reconnect(vpcd, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("カードを取り出しました。 / the card is out");
            return ExitCode.Done;
        }
    }

    /// <summary>Until vpcd closes the connection.</summary>
    private static async Task Serve(TcpClient connection, VirtualReader card, Address vpcd, CancellationToken stop)
    {
        var link = VpcdLink.Over(connection.GetStream(), card);
        try
        {
            if (!await FirstMessage(link, vpcd, stop))
                return;
            Console.Out.WriteLine($"カードを入れました。Ctrl-C で取り出します。 / inserted at {vpcd}; Ctrl-C takes it out");
            while (await link.AnswerOne(stop))
            {
                // The next one.
            }
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            // As good as closed.
        }
        finally
        {
            card.Reset();
        }
    }

    private static async Task<bool> FirstMessage(VpcdLink link, Address vpcd, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LongestSilence);
        try
        {
            return await link.AnswerOne(patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Silent(vpcd);
        }
    }

    /// <summary>Of those who wait, the first are taken by the kernel and the others by nobody.</summary>
    private static BrokenException Silent(Address vpcd) => new(
        $"{vpcd} は応答しません。他のカードが入っています。/ {vpcd} is silent: another card is in that reader; "
        + "take it out, or choose the next reader's port with --vpcd");

    private static async Task<TcpClient> Connect(Address vpcd, CancellationToken stop)
    {
        try
        {
            return await vpcd.Connect(stop);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Silent(vpcd);
        }
        catch (SocketException e)
        {
            throw new BrokenException(
                $"{vpcd} に仮想リーダーがありません。/ no virtual reader at {vpcd} ({e.Message}): "
                + "apt-get install pcscd vsmartcard-vpcd, then start pcscd", e);
        }
    }

    private static async Task<TcpClient> Reconnect(Address vpcd, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(BetweenTries, stop);
            try
            {
                return await vpcd.Connect(stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested
                && e is SocketException or OperationCanceledException)
            {
                // Nobody listens there at this moment; the next try may find somebody.
            }
        }
    }

    private sealed record Address(string Host, int Port)
    {
        public static Address Parse(string text) =>
            text.LastIndexOf(':') is > 0 and var colon
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue
                ? new(text[..colon].Trim('[', ']'), port)
                : throw new UsageException($"--vpcd {text}: it is HOST:PORT, such as 127.0.0.1:{VpcdLink.DefaultPort}");

        public async Task<TcpClient> Connect(CancellationToken stop)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(LongestSilence);
            TcpClient client = new() { NoDelay = true };
            try
            {
                await client.ConnectAsync(Host, Port, patience.Token);
                return client;
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }

        public override string ToString() => $"{Host}:{Port}";
    }
}
