using System.ComponentModel;
using System.Diagnostics;

namespace Jpki.Host.Commands;

/// <summary>Prints a page of ours to PDF with Debian's Chromium, headless and without a network.</summary>
internal static class Printer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>One at a time: a browser takes half a core and 200 MB.</summary>
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>The page as PDF; null when it cannot be printed here. Nothing of it stays on the disk.</summary>
    public static async Task<byte[]?> Pdf(string html)
    {
        await Turn.WaitAsync();
        var folder = Directory.CreateTempSubdirectory("jpki-paper-").FullName;
        try
        {
            var (page, pdf) = (Path.Combine(folder, "page.html"), Path.Combine(folder, "page.pdf"));
            await File.WriteAllTextAsync(page, html);
            return await ToPdf(page, pdf) ? await File.ReadAllBytesAsync(pdf) : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Turn.Release();
        }
    }

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
