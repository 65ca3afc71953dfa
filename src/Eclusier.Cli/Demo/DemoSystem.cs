namespace Eclusier.Cli.Demo;

/// <summary>A system of <c>examples/</c> that <c>eclusier demo</c> can build.</summary>
/// <param name="UrlVariable">The variable through which its runbook learns the address.</param>
/// <param name="StandsAt">The last migration that its production has when the demo begins.</param>
/// <param name="Data">SQL file that fills the production, relative to the example's folder.</param>
internal sealed record DemoSystem(string Name, string UrlVariable, string StandsAt, string Data)
{
    public static IReadOnlyList<DemoSystem> All { get; } =
    [
        new("bilan-competence", "BILAN_DATABASE_URL", "022", "data/production.sql"),
    ];

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
