using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Jpki.Tests;

/// <summary>Debian's slapd on a free port, with its data in a scratch folder.</summary>
internal sealed class Slapd : IDisposable
{
    private const string Program = "/usr/sbin/slapd";

    private readonly Process process;

    private Slapd(Process process, string url) => (this.process, Url) = (process, url);

    internal string Url { get; }

    internal static Slapd Start(ScratchFolder scratch, string ldif)
    {
        var data = Directory.CreateDirectory(Path.Combine(scratch.Root, "slapd")).FullName;
        var config = scratch.Write("slapd.conf", Encoding.UTF8.GetBytes($"""
            include /etc/ldap/schema/core.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            pidfile {data}/slapd.pid
            database mdb
            suffix "c=JP"
            directory {data}

            """));
        var tree = scratch.Write("tree.ldif", Encoding.UTF8.GetBytes(ldif));
        Tool.Run("/usr/sbin/slapadd", "-f", config, "-l", tree).Succeeded();
        var url = $"ldap://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        Slapd slapd = new(Process.Start(Program, ["-f", config, "-h", url, "-d", "0"]), url);
        slapd.Await();
        return slapd;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Await()
    {
        for (var i = 0; i < 100; i++)
        {
            if (Tool.Run("ldapsearch", "-x", "-H", Url, "-b", "", "-s", "base", "1.1").ExitCode == 0)
                return;
            Thread.Sleep(50);
        }
        Assert.Fail("slapd does not answer");
    }

    internal static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
