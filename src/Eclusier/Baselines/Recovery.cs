using System.Text;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Baselines;

/// <summary>Gives a repository back the files that it lost and a tracking table still has.</summary>
public sealed class Recovery(Runbook runbook, Engine engine, string tool)
{
    /// <summary>From every environment whose variables are set; the same file is written once.</summary>
    /// <returns>What was found; those without text could not be written.</returns>
    /// <exception cref="EclusierException">A server cannot be reached, or a file cannot be written.</exception>
    public async Task<IReadOnlyList<LostMigration>> RunAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, LostMigration>(StringComparer.Ordinal);
        foreach (var environment in runbook.Environments.Values.OrderByDescending(environment => environment.Name == runbook.Migrations.Reference))
        {
            await using var database = await engine.ConnectAsync(environment.Url, $"eclusier {tool} recover", cancellationToken);
            foreach (var lost in database.HistoryOf(runbook) is { } history ? await history.LostAsync(cancellationToken) : [])
            {
                if (found.GetValueOrDefault(lost.Version) is not { Text: not null })
                    found[lost.Version] = lost;
            }
        }

        foreach (var lost in found.Values)
            await WriteAsync(lost, cancellationToken);
        return [.. found.Values];
    }

    private async Task WriteAsync(LostMigration lost, CancellationToken cancellationToken)
    {
        if (lost.Text is null)
            return;
        // The name comes from a database: it must not lead out of the folder.
        var file = Path.Combine(runbook.Migrations.Path, Path.GetFileName(lost.FileName));
        try
        {
            await using var stream = new FileStream(file, FileMode.CreateNew);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(lost.Text), cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                new Text($"A recovered migration cannot be written: {error.Message}", $"Une migration retrouvée ne peut pas être écrite : {error.Message}"),
                file,
                new Text("Make the folder writable, or move away what lies there.", "Rendez le dossier accessible en écriture, ou déplacez ce qui s'y trouve."),
                error);
        }
    }
}
