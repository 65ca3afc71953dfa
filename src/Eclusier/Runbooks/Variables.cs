using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace Eclusier.Runbooks;

/// <summary><c>${NAME}</c> and <c>${NAME:-default}</c>, from the environment or else from <c>.env</c> beside the runbook.</summary>
internal sealed partial class Variables(IReadOnlyDictionary<string, string?> environment, IReadOnlyDictionary<string, string> file)
{
    private readonly SortedSet<string> _onlyHere = new(StringComparer.Ordinal);

    /// <summary>The variables that were asked for and that .env has not: another process may lack them.</summary>
    public IReadOnlyCollection<string> OnlyInEnvironment => _onlyHere;

    public string Expand(string text, Mark at, RunbookErrors errors) => Reference().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        if (Find(name) is { } value)
        {
            if (!file.ContainsKey(name))
                _onlyHere.Add(name);
            return value;
        }

        if (match.Groups["default"] is { Success: true } fallback)
            return fallback.Value;
        errors.Add(at, new Text(
            $"the variable {name} is not set; set it in the environment or in .env beside the runbook",
            $"la variable {name} n'est pas définie ; définissez-la dans l'environnement ou dans .env à côté du runbook"));
        return "";
    });

    /// <summary>True when every variable of the text has a value.</summary>
    public bool CanExpand(string text) => Reference().Matches(text).All(match => Find(match.Groups["name"].Value) is not null || match.Groups["default"].Success);

    /// <summary>What fills the text's variables from outside the runbook.</summary>
    public IEnumerable<string> Values(string text) => Reference().Matches(text).Select(match => Find(match.Groups["name"].Value)).OfType<string>();

    private string? Find(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : file.GetValueOrDefault(name);

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]{0,1000}))?\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Reference();
}
