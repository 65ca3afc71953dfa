using Eclusier.Mongo.Catalog;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Plans;

/// <summary>Which of the source's collections the runbook means, and where it names what is not there.</summary>
internal sealed class CollectionChoice
{
    private readonly CollectionSettings _settings;

    public CollectionChoice(CollectionSettings settings, IReadOnlyList<ListedCollection> source)
    {
        _settings = settings;
        var named = source.Where(found => !OwnCollections.IsOurs(found.Name) && NameGlob.Matches(settings.Copy, found.Name)).ToList();
        var embedded = settings.Transforms.OfType<Embed>().Select(embed => embed.From).ToHashSet(StringComparer.Ordinal);
        Embedded = [.. named.Where(found => embedded.Contains(found.Name)).Select(found => found.Name)];
        Ignored = [.. named.Where(found => NameGlob.Matches(settings.Ignore, found.Name)).Select(found => found.Name).Except(Embedded, StringComparer.Ordinal)];
        var rest = named.Where(found => !Embedded.Contains(found.Name) && !Ignored.Contains(found.Name)).ToList();
        Copied = [.. rest.Where(found => found.Type == "collection").Select(found => found.Name)];
        Problems = [.. rest.Where(found => found.Type != "collection").Select(NotCopied), .. Unknown([.. source.Select(found => found.Name)])];
    }

    public IReadOnlyList<string> Copied { get; }

    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Children: they go into their parents, not beside them.</summary>
    public IReadOnlyList<string> Embedded { get; }

    public IReadOnlyList<PlanProblem> Problems { get; }

    /// <summary>The collection into which another one goes.</summary>
    public string ParentOf(string embedded) => _settings.Transforms.OfType<Embed>().First(embed => embed.From == embedded).Into;

    private static PlanProblem NotCopied(ListedCollection found) => new(
        "unknown", found.Name, new Text($"{found.Name} is a {found.Type} and is not copied", $"{found.Name} est de type {found.Type} et n'est pas copiée"), Blocks: false);

    private IEnumerable<PlanProblem> Unknown(IReadOnlyList<string> source)
    {
        if (Copied.Count == 0)
            yield return new PlanProblem("unknown", "", new Text($"{_settings.From} has no collection that `copy` means: {string.Join(", ", _settings.Copy)}", $"{_settings.From} n'a aucune collection désignée par `copy` : {string.Join(", ", _settings.Copy)}"), Blocks: true);
        foreach (var embed in _settings.Transforms.OfType<Embed>().Where(embed => !source.Contains(embed.From)))
            yield return new PlanProblem("unknown", embed.From, new Text($"{_settings.From} has no collection {embed.From} to embed", $"{_settings.From} n'a pas de collection {embed.From} à intégrer"), Blocks: true);
        var wanted = _settings.Transforms.Select(transform => transform.In).Concat(_settings.Indexes.Select(index => index.On));
        foreach (var name in wanted.Distinct(StringComparer.Ordinal).Where(name => !Copied.Contains(name) && !Embedded.Contains(name)))
            yield return new PlanProblem("unknown", name, new Text($"{name} has transforms or indexes, but is not copied", $"{name} a des transformations ou des index, mais n'est pas copiée"), Blocks: true);
    }
}
