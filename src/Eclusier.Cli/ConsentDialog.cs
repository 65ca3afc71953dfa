using Eclusier.Runs;

namespace Eclusier.Cli;

/// <summary>The question at a terminal: asked until the answer is one. A mistyped name costs another line, not another rehearsal.</summary>
internal sealed class ConsentDialog(Language language)
{
    /// <summary>Where the question would not be seen, nobody can be asked.</summary>
    public static bool IsPossible => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var plan = question.Decision.PlanId;
        var ask = question.Name is { } name
            ? new Text(
                $"Plan {plan} will be applied to {name}, which is protected. Type its name to go on, nothing to leave it: ",
                $"Le plan {plan} va être appliqué à {name}, qui est protégé. Tapez son nom pour continuer, rien pour renoncer : ")
            : new Text($"Apply plan {plan}? [y/N] ", $"Appliquer le plan {plan} ? [o/N] ");
        while (true)
        {
            Console.Error.Write(ask.In(language));
            if (await ReadLineAsync(cancellationToken) is not { } line)
            {
                Console.Error.WriteLine();
                return Answer.None;
            }

            if (Meaning(line.Trim(), question.Name) is { } answer)
                return answer;
            Console.Error.WriteLine((question.Name is null
                ? new Text("Please answer y or n.", "Répondez par o ou n.")
                : new Text($"That is not its name: {question.Name}.", $"Ce n'est pas son nom : {question.Name}.")).In(language));
        }
    }

    /// <returns>Null: neither yes nor no.</returns>
    private static Answer? Meaning(string line, string? name) => (name, line.ToLowerInvariant()) switch
    {
        ({ }, _) when line == name => Answer.Consent,
        (null, "y" or "yes" or "o" or "oui") => Answer.Consent,
        (_, "" or "n" or "no" or "non") => Answer.Refusal,
        _ => null,
    };

    /// <summary>The console's own reading cannot be cancelled: it is left behind, and ends with the process.</summary>
    private static async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine();
            throw;
        }
    }
}
