using Eclusier.Evidence;

namespace Eclusier.Postgres.Backups;

/// <summary>What of a dump must stay out where extensions are missing: they, and what depends on them.</summary>
internal sealed class LeftOut
{
    private readonly DumpContents _dump;
    private readonly HashSet<int> _tables;
    private readonly ILookup<int, int> _dependents;
    private readonly Dictionary<int, string> _left = [];

    private LeftOut(DumpContents dump)
    {
        _dump = dump;
        _tables = [.. dump.Entries.Where(entry => entry.IsTable).Select(entry => entry.Id)];
        _dependents = dump.Entries.SelectMany(entry => Needs(entry).Select(need => (Need: need, entry.Id))).ToLookup(pair => pair.Need, pair => pair.Id);
    }

    /// <param name="members">The missing extensions, as far as it is known what they bring.</param>
    /// <returns>Entry -> the extension that it lacks.</returns>
    public static IReadOnlyDictionary<int, string> Of(DumpContents dump, IReadOnlyCollection<string> missing, IReadOnlyList<DumpedExtension> members)
    {
        var left = new LeftOut(dump);
        foreach (var entry in dump.Entries)
        {
            if (entry.Extension is { } extension && missing.Contains(extension))
                left.Add(entry.Id, extension);
            else if (dump.IsAboutMember(entry) && members.FirstOrDefault(extension => Brought(extension, entry)) is { } owner)
                left.Add(entry.Id, owner.Name);
        }

        left.AddSequences();
        return left._left;
    }

    /// <summary>With everything that depends on it. Dependencies may be deep: no recursion.</summary>
    private void Add(int first, string extension)
    {
        var open = new Stack<int>([first]);
        while (open.TryPop(out var id))
        {
            if (!_left.TryAdd(id, extension))
                continue;
            foreach (var dependent in _dependents[id])
                open.Push(dependent);
        }
    }

    /// <summary>A sequence stands behind the table that owns it, but does not need it: another table may count with it.</summary>
    private IEnumerable<int> Needs(DumpEntry entry) => entry.IsSequence ? entry.Needs.Where(need => !_tables.Contains(need)) : entry.Needs;

    /// <summary>Sequences of tables that are left out go with them; where something else needs one, it only loses its owner.</summary>
    private void AddSequences()
    {
        var needed = _dump.Entries.Where(entry => !_left.ContainsKey(entry.Id) && !entry.IsAttached).SelectMany(entry => entry.Needs).ToHashSet();
        var ownership = _dump.Entries.Where(entry => entry.IsOwnership).ToLookup(entry => entry.Needs.FirstOrDefault(), entry => entry.Id);
        foreach (var sequence in _dump.Entries.Where(entry => entry.IsSequence))
        {
            if (sequence.Needs.FirstOrDefault(_left.ContainsKey) is > 0 and var owner)
            {
                foreach (var id in needed.Contains(sequence.Id) ? ownership[sequence.Id] : [sequence.Id])
                    Add(id, _left[owner]);
            }
        }
    }

    private static bool Brought(DumpedExtension extension, DumpEntry entry) => extension.Members.Values.Any(names => names.Any(name => IsAbout(entry, extension.Schema, name)));

    private static bool IsAbout(DumpEntry entry, string home, string member)
    {
        var (schema, name) = member.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? (member[..dot], member[(dot + 1)..]) : (home, member);
        if (entry.IsData)
            return entry.Text.StartsWith($"TABLE DATA {schema} {name} ", StringComparison.Ordinal);
        return entry.Text.Contains($" {schema} ", StringComparison.Ordinal)
            && (entry.Text.Contains($" {name} ", StringComparison.Ordinal) || entry.Text.Contains($" {name}(", StringComparison.Ordinal));
    }
}
