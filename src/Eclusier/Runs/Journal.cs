using System.Text;
using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Files;

namespace Eclusier.Runs;

/// <summary>
/// The append-only record of a run: JSON lines, each carrying the hash of the one before, written out before and
/// after each step. Whatever is shown of a run is folded from it.
/// </summary>
public sealed class Journal : IDisposable
{
    public const string FileName = "journal.jsonl";

    private static readonly string Finished = JsonNamingPolicy.SnakeCaseLower.ConvertName(nameof(RunEvent.RunFinished));
    private static readonly Dictionary<string, RunKind> Kinds =
        Enum.GetValues<RunKind>().ToDictionary(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()), StringComparer.Ordinal);

    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly Lock _appending = new();
    private string _previous;
    private int _sequence;

    private Journal(FileStream file, RunRecord record, string previous, int sequence, TimeProvider time)
    {
        _file = file;
        Record = record;
        _previous = previous;
        _sequence = sequence;
        _time = time;
    }

    /// <summary>The run's folder.</summary>
    public string Folder => Path.GetDirectoryName(_file.Name)!;

    /// <summary>The evidence so far.</summary>
    public RunRecord Record { get; private set; }

    /// <summary>Begins the journal of a new run in an existing folder.</summary>
    public static Journal Create(string folder, RunRecord start, TimeProvider time)
    {
        var journal = new Journal(OpenFile(folder, FileMode.CreateNew), start, "", 0, time);
        journal.Append(new JournalEntry { Event = RunEvent.RunStarted, Start = start });
        return journal;
    }

    /// <summary>Takes up the journal of a run that was cut off; a line torn by the crash is removed.</summary>
    /// <exception cref="EclusierException">A line was altered.</exception>
    public static Journal Resume(string folder, TimeProvider time)
    {
        var journal = Reopen(folder, time);
        journal.Append(new JournalEntry { Event = RunEvent.RunResumed });
        return journal;
    }

    /// <summary>Opens the journal of a run that has ended, to add what was found out about it later.</summary>
    /// <exception cref="EclusierException">A line was altered.</exception>
    public static Journal Reopen(string folder, TimeProvider time)
    {
        var lines = ReadLines(folder);
        var file = OpenFile(folder, FileMode.Open);
        file.SetLength(lines.WholeBytes);
        file.Seek(0, SeekOrigin.End);
        return new Journal(file, Fold(lines.Entries, folder), lines.LastHash, lines.Entries.Count, time);
    }

    /// <summary>The evidence of the run in <paramref name="folder"/>.</summary>
    /// <exception cref="EclusierException">There is no journal, or a line of it was altered.</exception>
    public static RunRecord Read(string folder) => Fold(ReadLines(folder).Entries, folder);

    /// <summary>
    /// Whether the last line is the end of the run: one with nothing to do must not pay for reading the whole evidence of the one before.
    /// A journal that is empty, or whose first line was torn, counts as ended: its run did nothing.
    /// </summary>
    internal static bool HasEnded(string folder)
    {
        const int LongestEnd = 1024;
        using var file = OpenShared(Path.Combine(folder, FileName));
        file.Seek(-Math.Min(LongestEnd, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var end = reader.ReadToEnd();
        if (!end.Contains('\n'))
            return !ReadShared(Path.Combine(folder, FileName)).Contains((byte)'\n');
        return end[^1] == '\n' && JournalLine.Property(end[(end.LastIndexOf('\n', end.Length - 2) + 1)..^1], "event") == Finished;
    }

    /// <summary>By its first line alone, for the same reason.</summary>
    /// <returns>Null: that line was altered, or is not whole.</returns>
    internal static RunKind? KindOf(string folder)
    {
        using var reader = new StreamReader(OpenShared(Path.Combine(folder, FileName)));
        var kind = reader.ReadLine() is { } line ? JournalLine.Property(line, "start", "kind") : null;
        return kind is not null && Kinds.TryGetValue(kind, out var known) ? known : null;
    }

    /// <param name="entry">Sequence, time and hash are filled in here.</param>
    /// <param name="durable">
    /// Waits for the disk. A written line survives the death of the process; only what the database cannot tell
    /// again after a power cut (steps outside transactions, decisions) needs to survive that of the machine.
    /// </param>
    /// <exception cref="EclusierException">The journal cannot be written (disk full).</exception>
    public void Append(JournalEntry entry, bool durable = false)
    {
        lock (_appending)
            AppendAlone(entry, durable);
    }

    private void AppendAlone(JournalEntry entry, bool durable)
    {
        JournalEntry complete;
        string hash;
        try
        {
            complete = entry with { Sequence = _sequence, At = _time.GetUtcNow(), Previous = _previous, Definitions = Definitions.Keep(Folder, entry, durable) };
            (var line, hash) = JournalLine.Of(complete);
            _file.Write(Encoding.UTF8.GetBytes(line));
            _file.Flush(durable);
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw new UnavailableException(
                new Text($"The journal cannot be written: {error.Message}", $"Le journal ne peut pas être écrit : {error.Message}"),
                _file.Name,
                new Text("Make room on that disk, then run the same command again: it resumes.", "Libérez de la place sur ce disque, puis relancez la même commande : elle reprendra."),
                error);
        }

        _previous = hash;
        _sequence++;
        Record = JournalFold.Apply(Record, complete);
    }

    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string folder, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly.File;
        var path = Path.Combine(folder, FileName);
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw RunFolder.NotWritable(path, error);
        }
    }

    private static RunRecord Fold(IReadOnlyList<JournalEntry> entries, string folder)
    {
        var start = entries.Count > 0 ? entries[0].Start : null;
        if (start is null)
            throw Damaged(folder, 1);
        return entries.Skip(1).Aggregate(start, JournalFold.Apply);
    }

    private static (IReadOnlyList<JournalEntry> Entries, string LastHash, long WholeBytes) ReadLines(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InvalidInputException(new Text("There is no journal of this run.", "Cette exécution n'a pas de journal."), path, null);

        var entries = new List<JournalEntry>();
        var previous = "";
        long whole = 0;
        var bytes = ReadShared(path);
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            if (end < 0)
                break; // A line without its end was being written when the process died.
            var line = Encoding.UTF8.GetString(bytes, start, end - start);
            if (JournalLine.Read(line) is not { } read || read.Entry.Previous != previous)
                throw Damaged(path, entries.Count + 1);
            entries.Add(read.Entry);
            previous = read.Hash;
            start = end + 1;
            whole = start;
        }

        return (Definitions.Complete(folder, entries), previous, whole);
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = OpenShared(path);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>Another process may be writing it.</summary>
    private static FileStream OpenShared(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw new UnavailableException(
                new Text($"The journal cannot be read: {error.Message}", $"Le journal ne peut pas être lu : {error.Message}"), path,
                new Text("Give this user the right to read it, or move the run's folder away.", "Donnez à cet utilisateur le droit de le lire, ou déplacez le dossier de l'exécution."), error);
        }
    }

    private static EclusierException Damaged(string path, int line) => new InvalidInputException(
        new Text("The journal was altered: a line does not fit its hash.", "Le journal a été modifié : une ligne ne correspond pas à son empreinte."),
        $"{path}:{line}",
        new Text(
            "Look at what is applied with `eclusier status`, move the run's folder away, and run `migrate` again.",
            "Regardez ce qui est appliqué avec `eclusier status`, déplacez le dossier de l'exécution, puis relancez `migrate`."));
}
