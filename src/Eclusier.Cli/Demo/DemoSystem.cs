namespace Eclusier.Cli.Demo;

/// <summary>A system of <c>examples/</c> that <c>eclusier demo</c> can build.</summary>
internal sealed record DemoSystem(string Name, IReadOnlyList<DemoDatabase> Databases)
{
    public static IReadOnlyList<DemoSystem> All { get; } =
    [
        new("bilan-competence", [new("BILAN_DATABASE_URL", "data/production.sql") { StandsAt = "022" }]),
        new("voice-agents", [new("STAGING_DATABASE_URL", "data/staging.sql") { Platform = "supabase" }, new("PRODUCTION_DATABASE_URL", "data/production.sql") { Platform = "supabase" }])
        {
            LostFiles = true,
            Baseline = true,
        },
        new("sunup", [new("PRODUCTION_DATABASE_URL", "data/scenario-{scenario}.sql")]) { Scenarios = ["a", "b", "c"], Baseline = true, Service = new DemoApplication("api/api.cs", "manager1@sunup.example", "Soleil-Levant-2025") },
    ];

    /// <summary>States of the production to choose from; the first is the usual one.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>The repository lost files that a tracking table still has.</summary>
    public bool LostFiles { get; init; }

    /// <summary>The production has migrations that its tracking table does not know.</summary>
    public bool Baseline { get; init; }

    /// <summary>The application that the runbook's HTTP checks ask; null when there is none.</summary>
    public DemoApplication? Service { get; init; }

    /// <summary>The folder of the example: below <c>ECLUSIER_HOME</c>, which the launcher sets, or above the program.</summary>
    /// <exception cref="EclusierException">The examples are not installed.</exception>
    public string FindFolder()
    {
        var starts = new[] { Environment.GetEnvironmentVariable("ECLUSIER_HOME"), AppContext.BaseDirectory };
        foreach (var start in starts.OfType<string>())
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var example = Path.Combine(folder.FullName, "examples", Name);
                if (Directory.Exists(example))
                    return example;
            }
        }

        throw new EclusierException(
            new Text($"The example {Name} is not there.", $"L'exemple {Name} est introuvable."),
            $"examples/{Name}",
            new Text("Run the demo from a checkout of Eclusier.", "Lancez la démonstration depuis un clone d'Eclusier."),
            ExitCode.Usage);
    }
}

/// <param name="UrlVariable">The variable through which the runbook learns the address.</param>
/// <param name="Script">What fills it: a psql script, relative to the example's folder.</param>
internal sealed record DemoDatabase(string UrlVariable, string Script)
{
    /// <summary>The last migration that it has before the script runs; null: the script makes everything.</summary>
    public string? StandsAt { get; init; }

    /// <summary>What its server looks like to migrations.</summary>
    public string Platform { get; init; } = "plain";
}

/// <param name="File">What the .NET SDK runs, relative to the example's folder.</param>
/// <param name="Email">Of a user whom the generated data has; as <paramref name="Password"/>, from the example's README.</param>
internal sealed record DemoApplication(string File, string Email, string Password)
{
    /// <summary>Starts it, and adds what the runbook's HTTP checks need to the variables.</summary>
    public async Task<DemoService> StartAsync(string folder, DatabaseUrl database, Dictionary<string, string?> variables, Action<Text> progress, CancellationToken cancellationToken)
    {
        progress(new Text("starting the application", "démarrage de l'application"));
        var service = await DemoService.StartAsync(Path.Combine(folder, File), database, cancellationToken);
        variables["API_URL"] = service.Url;
        variables["PROD_EMAIL"] = Email;
        variables["PROD_PASSWORD"] = Password;
        variables["PROD_TOKEN"] = await service.LogInAsync(Email, Password, cancellationToken);
        return service;
    }
}
