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
        new("sunup", [new("PRODUCTION_DATABASE_URL", "data/scenario-{scenario}.sql")])
        {
            Scenarios = [new("a"), new("b"), new("c")],
            Baseline = true,
            Applications = [new("api/api.cs", "API_URL", "api/health") { Login = new("api/auth/login", "manager1@sunup.example", "Soleil-Levant-2025") }],
        },
        new("daznode-crm", [new("PRODUCTION_DATABASE_URL", "data/production.sql") { Platform = "supabase" }])
        {
            Scenarios = [new("complete"), new("safe") { Runbook = "eclusier-safe.yaml" }],
        },
        new("meeshy", [new("STAGING_MONGODB_URL", "staging"), new("PRODUCTION_MONGODB_URL", "production")])
        {
            Generator = "data/generate.cs",
            Applications = [new("services/service.cs", "GATEWAY_URL", "health") { Argument = "gateway" }, new("services/service.cs", "TRANSLATOR_URL", "health") { Argument = "translator" }],
        },
    ];

    /// <summary>States of the production, or ways to migrate it, to choose from; the first is the usual one.</summary>
    public IReadOnlyList<DemoScenario> Scenarios { get; init; } = [];

    /// <summary>The repository lost files that a tracking table still has.</summary>
    public bool LostFiles { get; init; }

    /// <summary>The production has migrations that its tracking table does not know.</summary>
    public bool Baseline { get; init; }

    /// <summary>What the runbook's HTTP checks ask, in the order to start them.</summary>
    public IReadOnlyList<DemoApplication> Applications { get; init; } = [];

    /// <summary>Of a MongoDB system: what the .NET SDK runs to write a folder of Extended JSON for each database; null for PostgreSQL.</summary>
    public string? Generator { get; init; }

    /// <summary>The applications, and what writes MongoDB's documents, are sources that the .NET SDK runs.</summary>
    public bool NeedsSdk => Generator is not null || Applications.Count > 0;
}

/// <param name="Name">What <c>--scenario</c>, or <c>--variant</c>, chooses; empty where a system has only one.</param>
internal sealed record DemoScenario(string Name)
{
    /// <summary>Relative to the example's folder.</summary>
    public string Runbook { get; init; } = Usual;

    /// <summary>What a user types behind the command; empty where the runbook has its usual name.</summary>
    public string Option => Runbook == Usual ? "" : $" --runbook {Runbook}";

    private const string Usual = "eclusier.yaml";
}

/// <param name="UrlVariable">The variable through which the runbook learns the address.</param>
/// <param name="Source">What fills it: a psql script, relative to the example's folder; with a generator, the folder that it writes.</param>
internal sealed record DemoDatabase(string UrlVariable, string Source)
{
    /// <summary>The last migration that it has before the script runs; null: the script makes everything.</summary>
    public string? StandsAt { get; init; }

    /// <summary>What its server looks like to migrations.</summary>
    public string Platform { get; init; } = "plain";
}
