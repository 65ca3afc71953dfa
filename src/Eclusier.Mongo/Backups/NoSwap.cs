using Eclusier.Engines;

namespace Eclusier.Mongo.Backups;

/// <summary>MongoDB cannot give a database another name: a backup goes back collection by collection (<c>--in-place</c>).</summary>
internal sealed class NoSwap : DatabaseSwap
{
    public override Text? Impossible { get; } = new(
        "MongoDB cannot rename a database; --in-place puts the backup's collections back one by one, each at once",
        "MongoDB ne peut pas renommer une base ; --in-place remet les collections de la sauvegarde une à une, chacune d'un coup");

    public override IReadOnlyList<Text> Warnings => [];

    public override Task<Database> CreateBesideAsync(CancellationToken cancellationToken) => throw Unasked();

    public override Task<SwapResult> SwapAsync(CancellationToken cancellationToken) => throw Unasked();

    public override Task<SwapResult> SwapBackAsync(CancellationToken cancellationToken) => throw Unasked();

    public override Task DropBesideAsync() => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Unasked() => new("Whoever swaps looks at Impossible first.");
}
