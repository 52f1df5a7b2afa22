using System.CommandLine;
using System.Formats.Asn1;
using System.Globalization;
using Jpki.Forms;
using Jpki.Validation;
using Jpki.X509;

namespace Jpki.Host.Commands;

/// <summary><c>jpki validate</c>: one certificate for people, or a batch for programs.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<FileInfo?> Target =
        new("CERT.cer") { Description = "検証する証明書 / the certificate", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> Batch = new("--batch")
    {
        Description = "一行に一問の JSON、- は標準入力 / one JSON question a line; - is standard input",
    };

    private static readonly Option<FileInfo[]> Anchors = Files("--anchor", "信頼する証明書 / trusted certificates");
    private static readonly Option<FileInfo[]> Certificates = Files("--cert", "中間の証明書 / certificates that may help");
    private static readonly Option<FileInfo[]> Crls = Files("--crl", "失効リスト / revocation lists");
    private static readonly Option<FileInfo[]> Ocsp = Files("--ocsp", "OCSP 応答 / OCSP responses (DER)");

    private static readonly Option<DirectoryInfo[]> Pool =
        new("--pool") { Description = "証明書と CRL のあるフォルダ / a folder of certificates and CRLs" };

    private static readonly Option<string?> At =
        new("--at") { Description = "検証の時点 / the moment, such as 2014-04-15T00:00:00Z; now when left out" };

    private static readonly Option<string[]> Policies = new("--policy") { Description = "受け入れるポリシ OID / policies" };
    private static readonly Option<bool> RequireExplicitPolicy = new("--require-explicit-policy");
    private static readonly Option<bool> InhibitPolicyMapping = new("--inhibit-policy-mapping");
    private static readonly Option<bool> InhibitAnyPolicy = new("--inhibit-any-policy");

    private static readonly Option<string> Revocation = new Option<string>("--revocation")
    {
        Description = "失効確認 / how much must be known about revocation",
        DefaultValueFactory = _ => "required",
    }.AcceptOnlyFromAmong("required", "if-present", "none");

    private static readonly Option<int?> MaxDepth = new("--max-depth");

    private static readonly Option<string?> Purpose =
        new("--purpose") { Description = "拡張鍵用途 OID / an extended key usage to require" };

    private static readonly Option<string?> Profile =
        new("--profile") { Description = "証明書の種類（第7章のとおりか調べる） / a profile of CPS 7-1 to keep, such as Resident" };

    public static Command Create()
    {
        Command validate = new("validate", "認証パスを構築し検証する / build and validate a certification path")
        {
            Target, Batch, Anchors, Certificates, Pool, Crls, Ocsp, At, Policies, RequireExplicitPolicy,
            InhibitPolicyMapping, InhibitAnyPolicy, Revocation, MaxDepth, Purpose, Profile,
        };
        validate.SetAction(Run);
        return validate;
    }

    private static Option<FileInfo[]> Files(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true };

    private static Task<int> Run(ParseResult parsed, CancellationToken stop) =>
        (parsed.GetValue(Batch), parsed.GetValue(Target)) switch
        {
            ({ } batch, null) => RunBatch(batch, stop),
            (null, { } target) => Task.FromResult(RunOne(parsed, target)),
            _ => throw new UsageException("validate: name one certificate, or a --batch"),
        };

    private static async Task<int> RunBatch(string file, CancellationToken stop)
    {
        if (file != "-" && !File.Exists(file))
            throw new UsageException($"{file}: there is no such file");
        await using var questions = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        await using BufferedStream answers = new(Console.OpenStandardOutput(), 1 << 16);
        await new Batch(new(TimeProvider.System)).Run(questions, answers, stop);
        return ExitCode.Done;
    }

    private static int RunOne(ParseResult parsed, FileInfo file)
    {
        var anchors = Read(parsed.GetValue(Anchors)).SelectMany(b => b.Certificates).ToList();
        if (anchors.Count == 0)
            throw new UsageException("validate: name at least one --anchor");
        var pool = Read([.. parsed.GetValue(Certificates) ?? [], .. parsed.GetValue(Crls) ?? []])
            .Concat((parsed.GetValue(Pool) ?? []).SelectMany(ReadFolder)).ToList();
        var target = Read([file]).SelectMany(b => b.Certificates).FirstOrDefault()
            ?? throw new UsageException($"{file}: there is no certificate in it");
        ValidationRequest request = new()
        {
            At = Moment(parsed.GetValue(At)),
            Anchors = Ders(anchors),
            Target = target.Der.ToArray(),
            Certificates = Ders(pool.SelectMany(b => b.Certificates)),
            Crls = [.. pool.SelectMany(b => b.Crls).Select(c => c.Der.ToArray())],
            Ocsp = [.. (parsed.GetValue(Ocsp) ?? []).Select(Octets)],
            Policies = parsed.GetValue(Policies) is { Length: > 0 } policies ? policies : null,
            RequireExplicitPolicy = parsed.GetValue(RequireExplicitPolicy),
            InhibitPolicyMapping = parsed.GetValue(InhibitPolicyMapping),
            InhibitAnyPolicy = parsed.GetValue(InhibitAnyPolicy),
            Revocation = parsed.GetValue(Revocation),
            MaxDepth = parsed.GetValue(MaxDepth),
            Purpose = parsed.GetValue(Purpose),
            Profile = parsed.GetValue(Profile),
        };
        var answer = new ValidationDesk(TimeProvider.System).Answer(request);
        CommandLine.Print(parsed, answer, () => PathDrawing.Write(
            answer, [.. anchors, .. pool.SelectMany(b => b.Certificates), target]));
        return answer.Valid ? ExitCode.Done : ExitCode.Refused;
    }

    private static List<byte[]> Ders(IEnumerable<Certificate> certificates) =>
        [.. certificates.Select(c => c.Der.ToArray())];

    private static DateTimeOffset? Moment(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new UsageException($"--at {text}: not a time such as 2014-04-15T00:00:00Z");

    private static IEnumerable<CertificateBundle> Read(IEnumerable<FileInfo>? files) => (files ?? []).Select(file =>
        TryRead(file, out var problem) ?? throw new UsageException($"{file}: {problem}"));

    /// <summary>A folder may hold other files as well; they are passed over.</summary>
    private static IEnumerable<CertificateBundle> ReadFolder(DirectoryInfo folder)
    {
        if (!folder.Exists)
            throw new UsageException($"{folder}: there is no such folder");
        return folder.EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(file => TryRead(file, out _)).OfType<CertificateBundle>();
    }

    private static CertificateBundle? TryRead(FileInfo file, out string? problem)
    {
        problem = null;
        try
        {
            return CertificateBundle.Read(Octets(file));
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            problem = e.Message;
            return null;
        }
    }

    private static byte[] Octets(FileInfo file)
    {
        try
        {
            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }
}
