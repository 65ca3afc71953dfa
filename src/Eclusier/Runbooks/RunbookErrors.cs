using YamlDotNet.Core;

namespace Eclusier.Runbooks;

/// <summary>Every error of a runbook, in the order of the file; all are told at once.</summary>
/// <param name="queryProblem">Why a text is no query that only reads, as the engine's parser says; null: it is one. Where there is no such parser, the server decides.</param>
internal sealed class RunbookErrors(string file, Variables variables, Func<string, Text?>? queryProblem = null)
{
    private readonly List<(Mark At, Text Problem)> _errors = [];

    public Variables Variables { get; } = variables;

    public Text? QueryProblem(string sql) => queryProblem?.Invoke(sql);

    public void Add(Mark at, Text problem) => _errors.Add((at, problem));

    /// <exception cref="EclusierException">There is an error.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count == 0)
            return;
        var ordered = _errors.OrderBy(error => error.At.Line).ThenBy(error => error.At.Column).ToList();
        string Lines(Func<Text, string> language) =>
            string.Join('\n', ordered.Select(error => $"{Path.GetFileName(file)}:{error.At.Line}:{error.At.Column}: {language(error.Problem)}"));
        throw new InvalidInputException(
            new Text(Lines(text => text.En), Lines(text => text.Fr)),
            file,
            new Text("docs/runbook.md describes every key.", "docs/runbook.md décrit chaque clé."));
    }
}
