namespace Eclusier.Cli.Demo;

/// <summary>A copy of an example to work in. The examples are a part of the program, which needs no checkout.</summary>
internal static class DemoExample
{
    /// <summary>Beside the user's other runs, so that the report stays when the server is gone.</summary>
    /// <returns>The runbook's path in the copy.</returns>
    public static string Copy(DemoSystem system, DemoScenario scenario, string workFolder)
    {
        var (assembly, folder) = (typeof(DemoExample).Assembly, $"examples/{system.Name}/");
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            var target = Path.Combine(workFolder, name[folder.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = assembly.GetManifestResourceStream(name)!;
            using var file = File.Create(target);
            source.CopyTo(file);
        }

        return Path.Combine(workFolder, scenario.Runbook);
    }
}
