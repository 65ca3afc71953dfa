using System.Collections;
using System.CommandLine;
using Eclusier.Baselines;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Maintenance;
using Eclusier.Migrations;
using Eclusier.Rollbacks;
using Eclusier.Runbooks;
using Eclusier.Runs;
using Eclusier.Watching;

namespace Eclusier.Cli;

/// <summary>The options that all commands take, and the runbook that they choose.</summary>
internal sealed class CommandOptions
{
    private readonly Option<string> _runbook = new("--runbook") { Description = Help.Say("The runbook (default: eclusier.yaml).", "Le runbook (par défaut : eclusier.yaml)."), HelpName = "FILE" };
    private readonly Option<string> _environment = new("--env") { Description = Help.Say("The environment to work on (default: the runbook's target).", "L'environnement visé (par défaut : la cible du runbook)."), HelpName = "NAME" };
    private Option<string> _format = new("--format") { Description = Help.Say("text or json.", "text ou json."), DefaultValueFactory = _ => "text", HelpName = "text|json" };
    private readonly Option<string> _language = new("--lang") { Description = Help.Say("en or fr (default: the runbook's, else LANG).", "en ou fr (par défaut : celle du runbook, sinon LANG)."), HelpName = "en|fr" };
    private readonly Option<bool> _yes = new("--yes") { Description = Help.Say("Consent without being asked, except to what a protected environment must approve.", "Consent sans être interrogé, sauf à ce qu'un environnement protégé doit approuver.") };
    private readonly Option<string> _url = new("--url") { Description = Help.Say("Without a runbook: the database.", "Sans runbook : la base de données."), HelpName = "URL" };
    private readonly Option<string> _path = new("--path") { Description = Help.Say("Without a runbook: the folder of migrations.", "Sans runbook : le dossier des migrations."), HelpName = "FOLDER" };
    private readonly Option<string> _layout = new("--layout") { Description = Help.Say("Without a runbook: how the files are laid out (default: numbered).", "Sans runbook : la disposition des fichiers (par défaut : numbered)."), DefaultValueFactory = _ => "numbered", HelpName = "NAME" };
    private readonly Option<string[]> _backupTo = new("--backup-to") { Description = Help.Say("Without a runbook: back up to this folder or rclone:remote:path; may be given again.", "Sans runbook : sauvegarder dans ce dossier ou rclone:distant:chemin ; peut être répété."), HelpName = "PLACE" };
    private readonly Option<bool> _rehearse = new("--rehearse") { Description = Help.Say("Without a runbook: rehearse on a restored copy first.", "Sans runbook : répéter d'abord sur une copie restaurée.") };
    private readonly Option<string> _approve = new("--approve") { Description = Help.Say("Approve the plan of this id.", "Approuver le plan de cet identifiant."), HelpName = "PLAN-ID" };

    private bool _pathless;

    /// <summary>Known once the runbook was read: an error that comes later is told in its language.</summary>
    private Language? _runbookLanguage;

    /// <param name="format">The command's own --format; null: text or json.</param>
    /// <param name="pathless">A database alone is enough.</param>
    public static CommandOptions AddTo(Command command, bool shortForm = true, bool approve = false, Option<string>? format = null, bool pathless = false)
    {
        var options = new CommandOptions { _pathless = pathless };
        options._format = format ?? options._format;
        if (format is null)
            options._format.AcceptOnlyFromAmong("text", "json");
        options._language.AcceptOnlyFromAmong("en", "fr");
        options._layout.AcceptOnlyFromAmong([.. MigrationSettings.Layouts]);
        Option[] all = [options._runbook, options._environment, options._format, options._language, options._yes];
        Option[] withoutRunbook = [options._url, options._path, options._layout, options._backupTo, options._rehearse];
        foreach (var option in all.Concat(shortForm ? withoutRunbook : []).Concat(approve ? [options._approve] : []))
            command.Options.Add(option);
        return options;
    }

    /// <summary>The environment that <c>--env</c> names, else the runbook's first target.</summary>
    /// <exception cref="EclusierException">The runbook is invalid, or the options do not fit together.</exception>
    public Invocation Resolve(ParseResult parsed) => ResolveAll(parsed)[0];

    /// <summary>The environment that <c>--env</c> names, else every target of the runbook, in their order.</summary>
    /// <inheritdoc cref="Resolve" path="/exception"/>
    public IReadOnlyList<Invocation> ResolveAll(ParseResult parsed)
    {
        var name = parsed.GetValue(_environment);
        var runbook = ShortFormOf(parsed) ?? RunbookReader.Read(RunbookFile(parsed), Variables(), name, Engines.Rules);
        _runbookLanguage = runbook.Language;
        return [.. (name is null ? runbook.Targets : [name]).Select(target => Choose(runbook, target)).Select(environment => new Invocation(
            runbook, runbook.For(environment), environment, LanguageOf(parsed, runbook), IsJson(parsed), parsed.GetValue(_yes), parsed.GetValue(_approve)))];
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_format) == "json";

    /// <summary>Before a runbook is read, or where there is none.</summary>
    public Language LanguageOf(ParseResult parsed, Runbook? runbook) => parsed.GetValue(_language) switch
    {
        "fr" => Language.Fr,
        "en" => Language.En,
        _ => runbook?.Language ?? _runbookLanguage ?? Help.FromLocale(),
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
        if (path is null && _pathless)
            path = "migrations";
        if (url is null || path is null)
        {
            throw new InvalidInputException(
                new Text("--url and --path go together.", "--url et --path vont ensemble."),
                null,
                new Text("eclusier migrate --url postgresql://… --path migrations", "eclusier migrate --url postgresql://… --path migrations"));
        }

        if (DatabaseSystems.Of(url) == DatabaseSystem.MongoDb)
        {
            throw new InvalidInputException(
                new Text("Collections need a runbook: it says where they come from.", "Les collections demandent un runbook : il dit d'où elles viennent."), null,
                new Text("docs/runbook.md has an example.", "docs/runbook.md contient un exemple."));
        }

        return ShortForm.Create(new DatabaseUrl(url), Path.GetFullPath(path), Directory.GetCurrentDirectory(), parsed.GetValue(_backupTo) ?? [], parsed.GetValue(_rehearse), parsed.GetValue(_layout)!);
    }

    private static TargetEnvironment Choose(Runbook runbook, string chosen)
    {
        return runbook.Environments.GetValueOrDefault(chosen) ?? throw new InvalidInputException(
            new Text($"The runbook has no environment \"{chosen}\".", $"Le runbook n'a pas d'environnement « {chosen} »."),
            runbook.File,
            new Text($"It has: {string.Join(", ", runbook.Environments.Keys)}.", $"Il a : {string.Join(", ", runbook.Environments.Keys)}."));
    }

    private static IReadOnlyDictionary<string, string?> Variables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value, StringComparer.Ordinal);
}

/// <summary>A command's options, resolved.</summary>
/// <param name="Everything">The whole runbook.</param>
/// <param name="Runbook">What of it concerns the environment.</param>
internal sealed record Invocation(Runbook Everything, Runbook Runbook, TargetEnvironment Environment, Language Language, bool Json, bool Yes, string? ApprovedPlan)
{
    public MigrationRun CreateRun() => new(Setup);

    public RollbackRun CreateRollback() => new(Setup);

    public RestoreRun CreateRestore() => new(Setup);

    public BaselineRun CreateBaseline(IReadOnlyList<Mark> marks) => new(Setup with { Options = RunOptions with { Marks = marks } });

    public MaintainRun CreateMaintain() => new(Setup);

    public JobRun CreateJob() => new(Setup);

    public WatchRun CreateWatch(Action<Text> tell) => new(Runbook, Environment, Engine, RunOptions, tell, TimeProvider.System);

    private RunSetup Setup => new(Runbook, Environment, Engine, RunOptions, new ConsoleObserver(Language, Json), TimeProvider.System);

    public Engine Engine => Engines.For(Environment.Url);

    internal RunOptions RunOptions => new() { ApprovedPlan = ApprovedPlan, Yes = Yes, Language = Language, ToolVersion = CommandLine.Version };
}
