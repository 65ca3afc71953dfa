using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>How a tool lays out migration files.</summary>
public interface IMigrationLayout
{
    /// <summary>What a runbook's <c>layout</c> names.</summary>
    string Name { get; }

    /// <summary>Reads every migration of a folder, in file order, without parsing any.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="baseFolder">Where relative paths start from.</param>
    /// <exception cref="EclusierException">Files that are no migrations (<see cref="ExitCode.Usage"/>).</exception>
    IReadOnlyList<MigrationFile> Read(string folder, string baseFolder);
}

/// <summary>A migration as it lies in its folder.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="RelativePath">From the base folder where the file is inside it, else absolute.</param>
/// <param name="Script">Its text, with the files that it includes.</param>
/// <param name="Checksum">SHA-256 (lower-case hex) of the text, and of each included one after it, with LF line ends and no byte order mark.</param>
/// <param name="RollbackFile">Absolute path of the file that undoes it; null when there is none.</param>
public sealed record MigrationFile(string Version, string Name, string Path, string RelativePath, ScriptSource Script, string Checksum, string? RollbackFile)
{
    public string Text => Script.Text;
}

/// <summary>The layouts by name.</summary>
public static class MigrationLayouts
{
    private static readonly IMigrationLayout[] All = [new NumberedLayout()];

    /// <exception cref="EclusierException">An unknown layout (<see cref="ExitCode.Usage"/>).</exception>
    public static IMigrationLayout Find(string name) =>
        Array.Find(All, layout => layout.Name == name) ?? throw new EclusierException(
            new Text($"Layout \"{name}\" is not supported.", $"La disposition « {name} » n'est pas prise en charge."),
            "migrations.layout",
            new Text($"Supported: {string.Join(", ", All.Select(layout => layout.Name))}.", $"Prises en charge : {string.Join(", ", All.Select(layout => layout.Name))}."),
            ExitCode.Usage);
}
