using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>What a migration says itself about how it is undone.</summary>
internal static class RollbackScript
{
    /// <summary>Its rollback file, its layout's own part for it (dbmate's <c>migrate:down</c>), or what follows <c>-- eclusier: rollback</c>; null when there is none.</summary>
    /// <exception cref="InvalidInputException">Unreadable.</exception>
    public static ScriptSource? Of(MigrationFile file, string baseFolder)
    {
        if (file.RollbackFile is { } path)
        {
            var shown = MigrationPaths.Relative(baseFolder, path);
            var text = MigrationText.ReadText(path, shown);
            ForeignMarkers.Refuse(text, shown);
            return IncludedFiles.Follow(new ScriptSource(text, shown), path, baseFolder);
        }

        if (file.Down is not null)
            return file.Down;
        if (Directives.Read(file.Text, file.RelativePath).RollbackOffset is not { } offset)
            return null;
        var end = file.Text.IndexOf('\n', offset);
        if (end < 0)
            end = file.Text.Length;
        // Lines keep their numbers.
        return new ScriptSource(new string('\n', file.Text.AsSpan(0, end).Count('\n')) + file.Text[end..], file.RelativePath);
    }
}
