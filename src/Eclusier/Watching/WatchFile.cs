using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Files;

namespace Eclusier.Watching;

/// <summary>
/// <c>.eclusier/watch/&lt;environment&gt;.json</c>: the state of a watch, which another process goes on with. As long as this one holds
/// it, no other can; the death of the process, however it comes, gives it free.
/// </summary>
internal sealed class WatchFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    private WatchFile(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <exception cref="UnavailableException">Another process watches the environment, or nothing can be written there.</exception>
    public static WatchFile Open(string runbookDirectory, string environment)
    {
        var path = Path.Combine(runbookDirectory, ".eclusier", "watch", $"{environment}.json");
        try
        {
            Unversioned.CreateOwn(runbookDirectory, "watch");
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw NotKept(path, error);
        }

        try
        {
            var held = new FileStream($"{path}.lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly.File });
            return new WatchFile(path, held);
        }
        catch (IOException error)
        {
            throw new UnavailableException(
                new Text($"{environment} is being watched already.", $"{environment} est déjà sous surveillance."),
                path,
                new Text("Leave the other process to it, or end it first.", "Laissez faire l'autre processus, ou arrêtez-le d'abord."),
                error);
        }
    }

    /// <summary>Null: there is none.</summary>
    /// <exception cref="InvalidInputException">It is not what a watch wrote.</exception>
    public WatchState? Read()
    {
        if (!File.Exists(_path))
            return null;
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(_path), EclusierJson.Compact.WatchState);
            return state is { IsWhole: true } ? state : throw new JsonException("it does not say what a watch says");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                new Text($"The state of the watch cannot be read: {error.Message}", $"L'état de la surveillance ne peut pas être lu : {error.Message}"),
                _path,
                new Text("Begin a new one: `eclusier watch --anew`.", "Recommencez : `eclusier watch --anew`."),
                error);
        }
    }

    /// <exception cref="UnavailableException">The disk does not take it.</exception>
    public void Write(WatchState state)
    {
        try
        {
            WholeFile.Write(_path, JsonSerializer.Serialize(state, EclusierJson.Compact.WatchState));
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw NotKept(_path, error);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static EclusierException NotKept(string path, Exception error) => new UnavailableException(
        new Text($"The state of the watch cannot be written: {error.Message}", $"L'état de la surveillance ne peut pas être écrit : {error.Message}"),
        path,
        new Text("Make room on that disk, then run `eclusier watch` again: it goes on.", "Libérez de la place sur ce disque, puis relancez `eclusier watch` : elle continue."),
        error);
}
