using System.Security.Cryptography;
using System.Text;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Indexes;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Plans;

/// <summary>Makes the plan of a copy: what each collection holds here and there, and what will become of it. Writes nothing.</summary>
internal sealed class CollectionPlanner(MongoDatabase source, MongoDatabase target, KnownContents contents, CopyOptions options)
{
    /// <param name="description">The target without secrets.</param>
    public async Task<Plan> PlanAsync(Runbook runbook, TargetEnvironment environment, string description, CancellationToken cancellationToken)
    {
        var settings = Sources.Settings(runbook);
        if (environment.Name != settings.To)
            throw Elsewhere(runbook, settings, environment);
        CheckPolicy(runbook);
        var choice = new CollectionChoice(settings, await MongoCatalog.CollectionsAsync(source, cancellationToken));
        var there = (await MongoCatalog.CollectionsAsync(target, cancellationToken)).Where(found => !found.IsView).Select(found => found.Name).ToHashSet(StringComparer.Ordinal);
        var (steps, problems) = (new List<Step>(), choice.Problems.ToList());
        foreach (var name in choice.Copied)
        {
            var plan = await CollectionAsync(name, settings, there.Contains(name), problems, cancellationToken);
            steps.Add(CopySteps.Of(name, settings, plan, Checksum(name, settings, plan), runbook.Policy));
        }

        steps.AddRange(choice.Ignored.Select(name => CopySteps.Skipped(name, settings, CollectionAction.Ignored, new Text("ignored by the runbook", "écartée par le runbook"))));
        steps.AddRange(choice.Embedded.Select(name => CopySteps.Skipped(name, settings, CollectionAction.Embedded, new Text($"goes into {choice.ParentOf(name)}", $"intégrée dans {choice.ParentOf(name)}"))));
        // The target by the names and options of what is in it; what each collection holds stands in the steps' checksums.
        var fingerprint = (await MongoCatalog.SnapshotAsync(target, cancellationToken)).Fingerprint;
        return new Plan
        {
            Id = PlanId.Of(description, fingerprint, [], steps),
            Environment = environment.Name,
            Target = description,
            SchemaFingerprint = fingerprint,
            Steps = steps,
            Applied = [],
            Problems = problems,
        };
    }

    private async Task<CollectionPlan> CollectionAsync(string name, CollectionSettings settings, bool exists, List<PlanProblem> problems, CancellationToken cancellationToken)
    {
        var (here, there) = (source.Collection(name), target.Collection(name));
        var transforms = await DocumentTransforms.PrepareAsync(source, name, settings.Transforms, options, cancellationToken);
        var expected = transforms.Transforms.Count == 0 ? await UnchangedAsync(here, cancellationToken) : await contents.AfterAsync(here, transforms, Children(name, settings), cancellationToken);
        var indexes = IndexPlan.Of(name, await here.ListIndexesAsync(cancellationToken), settings.Indexes);
        problems.AddRange(indexes.Conflicts.Select(conflict => new PlanProblem("index", name, conflict, Blocks: true)));
        var now = exists ? await contents.OfAsync(there, "target", cancellationToken) : null;
        var equal = now == expected.Expected && IndexComparison.Of(indexes.Specifications, await there.ListIndexesAsync(cancellationToken)) is { Missing.Count: 0, Different.Count: 0 };
        return new CollectionPlan(now is null ? CollectionAction.New : equal ? CollectionAction.Unchanged : CollectionAction.Replace, expected.Source, expected.Expected, now)
        {
            OnlyInTarget = now is null || equal ? null : await OnlyInTarget.CountAsync(here, transforms.Filter, there, cancellationToken),
            Transforms = expected.Transforms,
            Indexes = [.. indexes.Specifications.Select(index => index["name"].AsString)],
        };
    }

    private async Task<TransformedContent> UnchangedAsync(MongoCollection collection, CancellationToken cancellationToken)
    {
        var content = await contents.OfAsync(collection, "source", cancellationToken);
        return new TransformedContent(content, content, []);
    }

    private List<MongoCollection> Children(string name, CollectionSettings settings) =>
        [.. settings.Transforms.OfType<Embed>().Where(embed => embed.Into == name).Select(embed => source.Collection(embed.From))];

    /// <summary>What is copied, what it takes the place of, and how: another approval is needed when any of it changes.</summary>
    private static string Checksum(string name, CollectionSettings settings, CollectionPlan plan)
    {
        var text = new StringBuilder().Append(settings.From).Append('\n').Append(name).Append('\n').Append(plan.Expected).Append('\n').Append(plan.Target).Append('\n');
        foreach (var index in plan.Indexes.Concat(plan.Transforms.Select(transform => $"{transform.Kind} {transform.What.En}")))
            text.Append(index).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void CheckPolicy(Runbook runbook)
    {
        var named = runbook.Policy.Forbid.Concat(runbook.Policy.Allow.Select(allow => allow.Hazard));
        if (named.FirstOrDefault(rule => !CollectionHazards.Ids.Contains(rule)) is not { } unknown)
            return;
        throw new InvalidInputException(
            new Text($"\"{unknown}\" is no hazard of collections.", $"« {unknown} » n'est pas un danger des collections."),
            runbook.File,
            new Text($"These are: {string.Join(", ", CollectionHazards.Ids)}.", $"Ce sont : {string.Join(", ", CollectionHazards.Ids)}."));
    }

    private static EclusierException Elsewhere(Runbook runbook, CollectionSettings settings, TargetEnvironment environment) => new InvalidInputException(
        new Text($"Collections are copied to {settings.To}, not to {environment.Name}.", $"Les collections sont copiées vers {settings.To}, pas vers {environment.Name}."),
        runbook.File,
        new Text($"Run it with --env {settings.To}, or change `collections.to`.", $"Lancez-le avec --env {settings.To}, ou changez `collections.to`."));
}
