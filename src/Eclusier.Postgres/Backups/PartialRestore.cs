using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;

namespace Eclusier.Postgres.Backups;

/// <summary>
/// Restores a dump on a server that lacks some of its extensions: without them and without what depends on them. Dependencies tell nearly all
/// of that beforehand; what they do not know (a function's body) comes as refusals, and each must be explained by a missing extension.
/// </summary>
internal sealed class PartialRestore
{
    private readonly PostgresTools _tools;
    private readonly string _dump;
    private readonly string _folder;
    private readonly DumpContents _contents;
    private readonly Dictionary<int, DumpEntry> _entries;
    private readonly UnprovenNames _names = new();

    /// <summary>Entry -> the extension that it lacks.</summary>
    private readonly Dictionary<int, string> _lacking;

    private readonly IReadOnlyList<LackingExtension> _missing;

    /// <summary>A missing extension of which an older manifest does not know what it brings.</summary>
    private readonly string? _unknown;

    /// <param name="dump">The dump's file, in a folder that may be written to.</param>
    /// <param name="missing">Extensions in it that the server lacks.</param>
    /// <param name="known">The dump's extensions, as far as its manifest knows them.</param>
    public PartialRestore(PostgresTools tools, string dump, DumpContents contents, IReadOnlyList<LackingExtension> missing, IReadOnlyList<DumpedExtension> known)
    {
        (_tools, _dump, _folder, _contents, _missing) = (tools, dump, Path.GetDirectoryName(dump)!, contents, missing);
        _entries = contents.Entries.DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id);
        var names = missing.Select(extension => extension.Name).ToList();
        _lacking = new(LeftOut.Of(contents, names, [.. known.Where(extension => names.Contains(extension.Name))]));
        _unknown = names.Find(extension => known.All(other => other.Name != extension));
        // An extension that the server has, and that needs a missing one, stays out like that one.
        foreach (var (name, lacks) in contents.Entries.Where(entry => entry.Extension is not null && _lacking.ContainsKey(entry.Id)).Select(entry => (entry.Extension!, _lacking[entry.Id])))
            _names.Add(name, known.FirstOrDefault(other => other.Name == name), schema: null, because: lacks);
    }

    /// <param name="arguments">Of <c>pg_restore</c>, up to the dump's file.</param>
    /// <param name="quickly">Those that make it stop at the first refusal, and quick.</param>
    /// <returns>Null when all went well; or the refusal that no missing extension explains.</returns>
    public async Task<ChildResult?> RunAsync(string[] arguments, string[] quickly, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        foreach (var extension in await DescribeAsync(cancellationToken))
        {
            foreach (var unproven in extension)
                _names.Add(CatalogName.Of(unproven), extension.Key);
        }

        var list = Path.Combine(_folder, "restore.list");
        OwnerOnly.Write(list, string.Concat(_contents.Entries.Where(entry => !_lacking.ContainsKey(entry.Id)).Select(entry => $"{entry.Id};\n")));
        arguments = [$"--use-list={list}", .. arguments, _dump];
        var result = await ChildProcess.RunAsync(_tools.Path("pg_restore"), [.. quickly, .. arguments], environment, cancellationToken);
        if (result.Succeeded)
            return null;
        return MayBeExplained(result) ? await AccountAsync(arguments, environment, cancellationToken) : result;
    }

    /// <summary>Once more from the beginning, without stopping, one refusal after the other: several workers would print theirs into one another.</summary>
    private async Task<ChildResult?> AccountAsync(string[] arguments, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        var inEnglish = environment.Concat(PostgresRestore.InEnglish).ToDictionary(StringComparer.Ordinal);
        var result = await ChildProcess.RunAsync(_tools.Path("pg_restore"), ["--verbose", "--clean", "--if-exists", .. arguments], inEnglish, cancellationToken);
        return result.Succeeded ? null : Unexplained(result);
    }

    public async Task<IReadOnlyList<MissingExtension>> MissingAsync(int serverVersion, CancellationToken cancellationToken)
    {
        var unproven = await DescribeAsync(cancellationToken);
        return [.. _missing.Select(extension => extension.With(unproven[extension.Name], serverVersion))];
    }

    private Task<ILookup<string, UnprovenObject>> DescribeAsync(CancellationToken cancellationToken) =>
        DumpedObjects.DescribeAsync(_tools, _dump, _contents, _lacking, _folder, cancellationToken);

    private ChildResult? Unexplained(ChildResult result)
    {
        var errors = RestoreErrors.Parse(result.Error);
        foreach (var error in errors.All)
        {
            if (error.Entry is not { } id || !_entries.TryGetValue(id, out var entry) || Explain(error, entry) is not { } extension)
                return result with { Error = string.Join('\n', error.Lines) };
            // Without its rows a table proves nothing, and neither does what is checked against them.
            foreach (var unproven in entry.IsData ? entry.Needs.Where(_entries.ContainsKey).Prepend(id) : [id])
                _lacking.TryAdd(unproven, extension);
        }

        return errors.Complete ? null : result;
    }

    private bool MayBeExplained(ChildResult result) =>
        _unknown is not null || result.Error.Split('\n').Any(line => RefusedName.Of(RestoreError.MessageOf(line), sqlState: null) is { } refused && _names.Explain(refused) is not null);

    private string? Explain(RestoreError error, DumpEntry entry)
    {
        var refused = RefusedName.Of(error.Message, sqlState: null);
        return (refused is null ? null : _names.Explain(refused))
            ?? entry.Needs.Select(need => _lacking.GetValueOrDefault(need)).FirstOrDefault(extension => extension is not null)
            ?? (refused is not null && _contents.IsAboutMember(entry) ? _unknown : null);
    }
}
