using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Extensions;

/// <summary>A copy on a server that may lack extensions: tells what fails there for want of one from what is broken.</summary>
internal sealed class UnprovenCopy(NpgsqlConnection connection)
{
    private static readonly string[] CatalogFunctions = ["pg_", "to_reg", "has_", "obj_description", "col_description"];

    private readonly UnprovenNames _names = new();
    private readonly Dictionary<string, (LackingExtension Extension, List<UnprovenObject> Unproven)> _missing = new(StringComparer.Ordinal);

    /// <summary>What unproven steps are about, with the extension that they lack.</summary>
    private readonly List<(TableName Relation, string Extension)> _touched = [];

    private IReadOnlyList<DumpedExtension> _dumped = [];

    public IReadOnlyList<MissingExtension> Missing =>
        [.. _missing.Values.Select(missing => missing.Extension.With(missing.Unproven, connection.PostgreSqlVersion.Major))];

    public void Restored(Dump dump, IReadOnlyList<MissingExtension> missing)
    {
        _dumped = dump.Extensions ?? [];
        foreach (var extension in missing)
        {
            _missing[extension.Name] = (new LackingExtension(extension.Name, extension.Refused), [.. extension.Unproven]);
            // Extensions that need this one are not there either.
            foreach (var name in extension.Unproven.Where(unproven => unproven.Kind == "extension").Select(unproven => UnprovenObject.Plain(unproven.Name)).Prepend(extension.Name))
                _names.Add(name, Dumped(name), schema: null, because: extension.Name);
            foreach (var unproven in extension.Unproven)
                _names.Add(CatalogName.Of(unproven), extension.Name);
        }
    }

    /// <summary>A failed step that fails for want of an extension comes back unproven, and with it all that it would have made.</summary>
    public async Task<StepResult> JudgeAsync(Step step, StepResult result, CancellationToken cancellationToken) =>
        result is { Status: StepStatus.Failed, Error: { Code: { } code } error }
        && (await ExplainAsync(RefusedName.Of(error.Whole ?? error.Message.En, code), cancellationToken) ?? await ExplainAsync(Refused(step, error), cancellationToken)) is { } extension
            ? await UnprovenAsync(step, result, extension, cancellationToken)
            : result;

    /// <summary>The same for a step that was refused before the server saw it.</summary>
    /// <returns>Null when it is no matter of extensions.</returns>
    public async Task<StepResult?> JudgeAsync(Step step, EclusierException refusal, CancellationToken cancellationToken)
    {
        var batches = step.Statements.Select(statement => statement.Batch).OfType<Batching>().Select(batch => (Table: UnprovenObject.Plain(batch.Table), batch.Key));
        var extension = batches.Select(batch => _names.Explain(new RefusedName(NameKind.Relation, batch.Table)) ?? _names.Explain(new RefusedName(NameKind.Column, batch.Key, batch.Table))).FirstOrDefault(found => found is not null);
        return extension is null ? null : await UnprovenAsync(step, StepResult.Refused(step, refusal), extension, cancellationToken);
    }

    /// <summary>Why the answer to a query proves nothing here; null when it does.</summary>
    /// <param name="refusal">Null when it answered, but not what was expected.</param>
    public Text? WhyUnproven(string sql, EclusierException? refusal)
    {
        if (!_names.Any)
            return null;
        if (refusal is null)
            return TouchedBy(sql) is { } lacking ? new Text($"unproven: it touches what is not here without extension {lacking}", $"non prouvé : touche à ce qui manque ici sans l'extension {lacking}") : null;
        return refusal.InnerException is PostgresException error && RefusedName.Of(error.MessageText, error.SqlState) is { } refused && _names.Explain(refused) is { } extension
            ? new Text($"unproven without extension {extension}: {refusal.Problem.En}", $"non prouvé sans l'extension {extension} : {refusal.Problem.Fr}")
            : null;
    }

    /// <summary>A CREATE EXTENSION that was refused in the extension's own words, or in another language.</summary>
    private static RefusedName? Refused(Step step, StepError error) =>
        step.Statements.FirstOrDefault(statement => error.Where?.StartsWith($"{step.Place(statement)}:", StringComparison.Ordinal) == true) is { } statement && MadeNames.Extension(MadeNames.Tree(statement.Sql)) is { } created
            ? new RefusedName(NameKind.Extension, created.Extension)
            : null;

    private async Task<string?> ExplainAsync(RefusedName? refused, CancellationToken cancellationToken)
    {
        if (refused is null)
            return null;
        if (refused.Kind != NameKind.Extension)
            return _names.Explain(refused);
        // The server has it, but a step that was to create it could not run.
        return await LacksAsync(refused.Name, cancellationToken) ? refused.Name : _names.Explain(refused with { Kind = NameKind.Object });
    }

    private async Task<bool> LacksAsync(string extension, CancellationToken cancellationToken)
    {
        if (await AvailableExtensions.LackingAsync(connection, [extension], cancellationToken) is not [var lacking])
            return false;
        _missing.TryAdd(extension, (lacking, []));
        return true;
    }

    private async Task<StepResult> UnprovenAsync(Step step, StepResult result, string extension, CancellationToken cancellationToken)
    {
        foreach (var statement in step.Statements)
        {
            if (MadeNames.Tree(statement.Sql) is not { } tree)
                continue;
            if (MadeNames.Extension(tree) is { } created)
                await NoteAsync(created.Extension, created.Schema, extension, cancellationToken);
            foreach (var name in MadeNames.Of(tree))
                Note(name, extension);
            _touched.AddRange(MadeNames.Relations(tree).Select(relation => (relation, extension)));
        }

        return result with { Status = StepStatus.Unproven, MissingExtension = extension };
    }

    /// <summary>An extension that the step would have made is not here, whether the server has it or not.</summary>
    private async Task NoteAsync(string created, string? schema, string extension, CancellationToken cancellationToken)
    {
        var lacking = await LacksAsync(created, cancellationToken);
        _names.Add(created, Dumped(created), schema, because: lacking ? created : extension);
        Add(lacking ? created : extension, new UnprovenObject("extension", created, Of: lacking ? created : null));
    }

    private void Note(CatalogName name, string extension)
    {
        var table = name.Table is { } of && _missing.Values.Any(missing => missing.Unproven.Exists(found => found.Is("table", of))) ? of : null;
        _names.AddMade(name, extension);
        Add(extension, name.ToObject(table));
    }

    private void Add(string extension, UnprovenObject unproven)
    {
        if (!_missing[extension].Unproven.Contains(unproven))
            _missing[extension].Unproven.Add(unproven);
    }

    private DumpedExtension? Dumped(string extension) => _dumped.FirstOrDefault(dumped => dumped.Name == extension);

    /// <summary>What a query names, or reads from the catalog, in which all that is unproven is missing.</summary>
    private string? TouchedBy(string sql)
    {
        if (MadeNames.Tree(sql) is not { } tree)
            return null;
        foreach (var relation in MadeNames.Relations(tree))
        {
            if (_names.OfRelation(relation.Schema, relation.Name) is { } extension)
                return extension;
            if (_touched.Find(touched => touched.Relation.Name == relation.Name && (touched.Relation.Schema is null || relation.Schema is null || touched.Relation.Schema == relation.Schema)).Extension is { } changed)
                return changed;
        }

        return ReadsCatalog(tree) ? _missing.Where(missing => missing.Value.Unproven.Count > 0).Select(missing => missing.Key).FirstOrDefault() : null;
    }

    private static bool ReadsCatalog(TreeNode tree) =>
        MadeNames.Relations(tree).Any(relation => relation.Schema is "pg_catalog" or "information_schema" || (relation.Schema is null && relation.Name.StartsWith("pg_", StringComparison.Ordinal)))
        || tree.Descendants("FuncCall").Select(call => TableName.Of(call.Items("funcname")).Name).Any(name => Array.Exists(CatalogFunctions, start => name.StartsWith(start, StringComparison.Ordinal)));
}
