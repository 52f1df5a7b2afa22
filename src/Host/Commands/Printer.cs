using System.ComponentModel;
using System.Diagnostics;

namespace Jpki.Host.Commands;

/// <summary>Prints a page of ours to PDF with Debian's Chromium, headless and without a network.</summary>
internal static class Printer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>False when there is no Chromium here, or it printed nothing.</summary>
    public static async Task<bool> ToPdf(string page, string pdf)
    {
        var profile = Directory.CreateTempSubdirectory("jpki-print-").FullName;
        try
        {
            ProcessStartInfo start = new("chromium",
            [
                "--headless", "--disable-gpu", "--no-pdf-header-footer", "--host-resolver-rules=MAP * ~NOTFOUND",
                $"--user-data-dir={profile}", $"--print-to-pdf={pdf}",
            ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // Root has no user namespace to sandbox in; the page is ours and has no script.
            if (Environment.IsPrivilegedProcess)
                start.ArgumentList.Add("--no-sandbox");
            start.ArgumentList.Add(new Uri(Path.GetFullPath(page)).AbsoluteUri);
            using var process = Process.Start(start)!;
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            using CancellationTokenSource patience = new(Patience);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 && File.Exists(pdf);
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
