using System.Text;
using Jpki.Hsm.Ceremonies;

namespace Jpki.Host.Commands;

/// <summary>Asks for a passphrase at the terminal without showing it; a pipe's next line is the answer.</summary>
internal static class Prompt
{
    public static string Ask(Question question)
    {
        while (true)
        {
            var given = Once($"{question.Id}: {question.Japanese} / {question.English}: ");
            if (!question.IsNew || Console.IsInputRedirected || given == Once("もう一度 / again: "))
                return given;
            Console.Error.WriteLine("一致しません。 They differ.");
        }
    }

    private static string Once(string prompt)
    {
        // Standard error, so that --json and files keep their standard output.
        Console.Error.Write(prompt);
        if (Console.IsInputRedirected)
        {
            var line = Console.In.ReadLine()
                ?? throw new UsageException("the passphrases on standard input have ended");
            Console.Error.WriteLine();
            return line;
        }
        StringBuilder typed = new();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
