using System.Collections;
using System.CommandLine;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Cli;

/// <summary>The options that all commands take, and the runbook that they choose.</summary>
internal sealed class CommandOptions
{
    private readonly Option<string> _runbook = new("--runbook") { Description = "The runbook (default: eclusier.yaml).", HelpName = "FILE" };
    private readonly Option<string> _environment = new("--env") { Description = "The environment to work on (default: the runbook's target).", HelpName = "NAME" };
    private readonly Option<string> _format = new("--format") { Description = "text or json.", DefaultValueFactory = _ => "text", HelpName = "text|json" };
    private readonly Option<string> _language = new("--lang") { Description = "en or fr (default: the runbook's, else LANG).", HelpName = "en|fr" };
    private readonly Option<bool> _yes = new("--yes") { Description = "Answer yes, except where a protected environment asks for its name." };
    private readonly Option<string> _url = new("--url") { Description = "Without a runbook: the database.", HelpName = "URL" };
    private readonly Option<string> _path = new("--path") { Description = "Without a runbook: the folder of migrations.", HelpName = "FOLDER" };
    private readonly Option<string[]> _backupTo = new("--backup-to") { Description = "Without a runbook: back up to this folder or rclone:remote:path; may be given again.", HelpName = "PLACE" };
    private readonly Option<bool> _rehearse = new("--rehearse") { Description = "Without a runbook: rehearse on a restored copy first." };
    private readonly Option<string> _approve = new("--approve") { Description = "Approve the plan of this id.", HelpName = "PLAN-ID" };

    /// <summary>Known once the runbook was read: an error that comes later is told in its language.</summary>
    private Language? _runbookLanguage;

    public static CommandOptions AddTo(Command command, bool shortForm = true, bool approve = false)
    {
        var options = new CommandOptions();
        options._format.AcceptOnlyFromAmong("text", "json");
        options._language.AcceptOnlyFromAmong("en", "fr");
        Option[] all = [options._runbook, options._environment, options._format, options._language, options._yes];
        Option[] withoutRunbook = [options._url, options._path, options._backupTo, options._rehearse];
        foreach (var option in all.Concat(shortForm ? withoutRunbook : []).Concat(approve ? [options._approve] : []))
            command.Options.Add(option);
        return options;
    }

    /// <exception cref="EclusierException">The runbook is invalid, or the options do not fit together.</exception>
    public Invocation Resolve(ParseResult parsed)
    {
        var name = parsed.GetValue(_environment);
        var runbook = ShortFormOf(parsed) ?? RunbookReader.Read(RunbookFile(parsed), Variables(), name);
        _runbookLanguage = runbook.Language;
        return new Invocation(runbook, Choose(runbook, name), LanguageOf(parsed, runbook), IsJson(parsed), parsed.GetValue(_yes), parsed.GetValue(_approve));
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_format) == "json";

    /// <summary>Before a runbook is read, or where there is none.</summary>
    public Language LanguageOf(ParseResult parsed, Runbook? runbook) => parsed.GetValue(_language) switch
    {
        "fr" => Language.Fr,
        "en" => Language.En,
        _ => runbook?.Language ?? _runbookLanguage ?? FromLocale(),
    };

    public string RunbookFile(ParseResult parsed)
    {
        var file = Path.GetFullPath(parsed.GetValue(_runbook) ?? "eclusier.yaml");
        return Directory.Exists(file) ? Path.Combine(file, "eclusier.yaml") : file;
    }

    private Runbook? ShortFormOf(ParseResult parsed)
    {
        var (url, path) = (parsed.GetValue(_url), parsed.GetValue(_path));
        if (url is null && path is null)
            return null;
        url ??= File.Exists(RunbookFile(parsed)) ? null : Environment.GetEnvironmentVariable("DATABASE_URL");
        if (url is null || path is null)
        {
            throw new EclusierException(
                new Text("--url and --path go together.", "--url et --path vont ensemble."),
                null,
                new Text("eclusier migrate --url postgresql://… --path migrations", "eclusier migrate --url postgresql://… --path migrations"),
                ExitCode.Usage);
        }

        return ShortForm.Create(new DatabaseUrl(url), Path.GetFullPath(path), Directory.GetCurrentDirectory(), parsed.GetValue(_backupTo) ?? [], parsed.GetValue(_rehearse));
    }

    private static TargetEnvironment Choose(Runbook runbook, string? name)
    {
        var chosen = name ?? runbook.Migrations.Target;
        return runbook.Environments.GetValueOrDefault(chosen) ?? throw new EclusierException(
            new Text($"The runbook has no environment \"{chosen}\".", $"Le runbook n'a pas d'environnement « {chosen} »."),
            runbook.File,
            new Text($"It has: {string.Join(", ", runbook.Environments.Keys)}.", $"Il a : {string.Join(", ", runbook.Environments.Keys)}."),
            ExitCode.Usage);
    }

    internal static IReadOnlyDictionary<string, string?> Variables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value, StringComparer.Ordinal);

    private static Language FromLocale()
    {
        var locale = new[] { "LC_ALL", "LC_MESSAGES", "LANG" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return locale?.StartsWith("fr", StringComparison.OrdinalIgnoreCase) == true ? Language.Fr : Language.En;
    }
}

/// <summary>A command's options, resolved.</summary>
internal sealed record Invocation(Runbook Runbook, TargetEnvironment Environment, Language Language, bool Json, bool Yes, string? ApprovedPlan)
{
    public RunOptions RunOptions => new() { ApprovedPlan = ApprovedPlan, Yes = Yes, Language = Language, ToolVersion = CommandLine.Version };
}
