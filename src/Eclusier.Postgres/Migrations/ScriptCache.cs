using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Migrations;

/// <summary>Parses each version of a file once: a run makes its plan again after each gate, to see whether it is still the same.</summary>
public sealed class ScriptCache
{
    private readonly Dictionary<string, MigrationScript> _scripts = new(StringComparer.Ordinal);

    /// <param name="shown">The file's name in errors.</param>
    /// <exception cref="EclusierException">As <see cref="MigrationScript.Read(ScriptSource, bool)"/>.</exception>
    public MigrationScript Read(MigrationFile file, string shown)
    {
        var key = $"{file.Checksum} {shown}";
        if (!_scripts.TryGetValue(key, out var script))
            _scripts[key] = script = MigrationScript.Read(file.Script with { File = shown }, file.NoTransaction);
        return script;
    }
}
