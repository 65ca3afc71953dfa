namespace Eclusier.Cli.Demo;

/// <summary>A copy of an example's folder to work in.</summary>
internal static class DemoExample
{
    /// <summary>Beside the user's other runs, so that the report stays when the server is gone.</summary>
    /// <returns>The runbook's path in the copy.</returns>
    public static string Copy(DemoSystem system, DemoScenario scenario, string workFolder)
    {
        var source = system.FindFolder();
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(workFolder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return Path.Combine(workFolder, scenario.Runbook);
    }
}
