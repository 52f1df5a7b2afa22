using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

namespace Jpki.Tests;

/// <summary>
/// A PostgreSQL server of the tests' own: a cluster in a folder of its own, on a free port, gone afterwards.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("jpki-postgres-").FullName;
    private int port, databases;

    private string Cluster => Path.Combine(folder, "data");

    public async ValueTask InitializeAsync()
    {
        port = FreePort();
        Run("/bin/chmod", "777", folder);
        AsPostgres(
            "initdb", "-D", Cluster, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        AsPostgres("pg_ctl", "-D", Cluster, "-l", Path.Combine(folder, "log"), "-w", "-o",
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}", "start");
        await using var connection =
            new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=postgres;Pooling=false");
        await connection.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        AsPostgres("pg_ctl", "-D", Cluster, "-m", "immediate", "-w", "stop");
        Run("/bin/rm", "-rf", folder);
        await Task.CompletedTask;
    }

    /// <summary>An empty database, as the location of a store.</summary>
    public string NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref databases)}";
        using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=postgres;Pooling=false");
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = $"CREATE DATABASE {name}";
        create.ExecuteNonQuery();
        return $"postgres://postgres:unused@127.0.0.1:{port}/{name}";
    }

    /// <summary>PostgreSQL will not run as root.</summary>
    private static void AsPostgres(string tool, params string[] arguments)
    {
        var newest = Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).First();
        var program = Path.Combine(newest, "bin", tool);
        if (Environment.UserName == "root")
            Run("/sbin/runuser", ["-u", "postgres", "--", program, .. arguments]);
        else
            Run(program, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // Its output goes nowhere: the server inherits it and would hold a pipe open for as long as it lives.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
