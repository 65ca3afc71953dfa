using Eclusier.Planning;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>A runbook's migrations: the files of its folder, and the table that records them.</summary>
internal sealed class MigrationSource(MigrationSettings settings)
{
    public IMigrationLayout Layout { get; } = MigrationLayouts.Find(settings.Layout);

    /// <summary>What the runbook says, before what the tool's own settings say.</summary>
    public TrackingPlace Place => field ??= settings.Tracking.Or(Layout.Configured(settings));

    /// <inheritdoc cref="IMigrationLayout.Read"/>
    public IReadOnlyList<MigrationFile> Files() => Layout.Read(settings.Path, settings.BaseFolder);

    /// <inheritdoc cref="IMigrationLayout.ReadTrackingAsync"/>
    public Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, IReadOnlyList<MigrationFile> files, CancellationToken cancellationToken) =>
        Layout.ReadTrackingAsync(connection, Place, files, cancellationToken);

    /// <inheritdoc cref="IMigrationLayout.EnsureTrackingAsync"/>
    public Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, Step? first, CancellationToken cancellationToken) =>
        Layout.EnsureTrackingAsync(connection, Place, first, cancellationToken);
}
