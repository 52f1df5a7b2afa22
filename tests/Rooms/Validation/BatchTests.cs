using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Jpki.Tests.Rooms.X509.Paths;
using Jpki.Validation;
using Xunit;

namespace Jpki.Tests.Rooms.Validation;

/// <summary>One question a line, one answer a line, whatever the lines are.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly Hierarchy root = new("Root");

    [Fact]
    public async Task Answers_come_in_order_and_a_bad_line_is_one_of_them()
    {
        string[] lines =
        [
            Question("1"), "{", "[]", "null", "", """{"id":"5","target":"AAAA"}""", """{"id":"6","target":7}""",
            Question("7", "\"revocation\":\"sometimes\""), Question("8", "\"at\":\"yesterday\""), Question("9"),
        ];

        var answers = await Run(string.Join('\n', lines));

        Assert.Equal(["1", null, null, null, "5", "6", "7", "8", "9"], answers.Select(a => (string?)a["id"]));
        Assert.Equal([0, 8], answers.Index().Where(a => (bool)a.Item["valid"]!).Select(a => a.Index));
        Assert.All(answers.Where(a => !(bool)a["valid"]!), a => Assert.NotEmpty((string)a["reason"]!));
    }

    [Fact]
    public async Task An_answer_has_every_field_that_scripts_rely_on()
    {
        var answer = Assert.Single(await Run(Question("x")));

        Assert.Equal(64, ((string)answer["path"]![0]!).Length);
        Assert.Equal(2, answer["path"]!.AsArray().Count);
        Assert.Empty(answer["policies"]!.AsArray());
        Assert.True(answer.AsObject().ContainsKey("reason"));
        Assert.Null(answer["reason"]);
        Assert.Equal(1, (int)answer["signatureChecks"]!);
    }

    [Fact]
    public async Task A_line_without_end_is_answered_and_left()
    {
        var answers = await Run($"{new string('x', 5_000_000)}\n{Question("after")}", maxLineOctets: 100_000);

        Assert.Contains("longer than", (string)answers[0]["reason"]!, StringComparison.Ordinal);
        Assert.True((bool)answers[^1]["valid"]!);
    }

    [Fact]
    public async Task A_caller_may_wait_for_each_answer()
    {
        Pipe questions = new(), answers = new();
        var running = new Batch(new(TimeProvider.System)).Run(
            questions.Reader.AsStream(), answers.Writer.AsStream(), TestContext.Current.CancellationToken);
        using StreamReader reader = new(answers.Reader.AsStream());

        foreach (var id in (string[])["a", "b", "c"])
        {
            await questions.Writer.WriteAsync(
                Encoding.UTF8.GetBytes(Question(id) + "\n"), TestContext.Current.CancellationToken);
            var answer = JsonNode.Parse((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!)!;
            Assert.Equal(id, (string?)answer["id"]);
        }
        await questions.Writer.CompleteAsync();

        Assert.Equal(3, await running);
    }

    [Fact]
    public async Task What_cannot_be_read_in_the_pool_is_told_and_left_out()
    {
        var answer = Assert.Single(await Run(Question("x", "\"certificates\":[\"AAAA\"],\"crls\":[\"\"]")));

        Assert.True((bool)answer["valid"]!);
        Assert.Equal(2, answer["tried"]!.AsArray().Count);
    }

    public void Dispose() => root.Dispose();

    private string Question(string id, string more = "\"maxDepth\":null") =>
        $$"""
        {"id":"{{id}}","at":"2014-04-01T12:00:00Z",
        "anchors":["{{Base64(root.SelfSigned)}}"],"target":"{{Base64(root.Leaf())}}",
        "revocation":"none",{{more}}}
        """.ReplaceLineEndings("")
            .Replace("\"revocation\":\"none\",\"revocation\"", "\"revocation\"", StringComparison.Ordinal);

    private static string Base64(Jpki.X509.Certificate certificate) => Convert.ToBase64String(certificate.Der.Span);

    private static async Task<List<JsonNode>> Run(string questions, int maxLineOctets = Batch.DefaultMaxLineOctets)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(questions)), output = new();
        await new Batch(new(TimeProvider.System), maxLineOctets).Run(
            input, output, TestContext.Current.CancellationToken);
        return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)];
    }
}
