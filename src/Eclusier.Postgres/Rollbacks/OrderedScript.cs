using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>Puts what has to happen into an order that the dependencies permit: removals, what needs something going first; then names; then what is made, after what it needs.</summary>
internal sealed partial class OrderedScript(Undoing undoing)
{
    private static readonly IEqualityComparer<CatalogObject> Same = ReferenceEqualityComparer.Instance;

    public IReadOnlyList<string> Statements()
    {
        var (removals, altered) = Removals();
        var makings = Makings(altered);
        // Bodies may name what is made after them.
        var bodies = undoing.Made.Concat(undoing.Altered.Values.Select(change => change.Target)).Any(made => made.Kind is "function" or "procedure");
        string[] before = bodies ? ["set check_function_bodies = off"] : [];
        return [.. before.Concat(removals).Concat(Renames()).Concat(makings).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>With what has to be changed before something that it needs can go.</summary>
    private (IEnumerable<string> Sql, HashSet<CatalogObject> Altered) Removals()
    {
        var now = undoing.Now;
        var gone = undoing.Removed.Where(made => made.Removal.Length > 0 && !GoesWithAnother(made)).ToList();
        var early = undoing.Altered.Keys.Where(altered => now.NeedsOf(altered).Any(needed => undoing.Removed.Contains(needed) || now.Above(needed).Any(undoing.Removed.Contains))).ToList();
        // The type of a column changes after its readers are gone, and before what they and it need.
        early.AddRange(undoing.Altered.Keys.Where(altered => altered.Kind is "column" or "attribute" && now.DependentsOf(altered).Any(undoing.Removed.Contains)).Except(early));
        var nodes = gone.Concat(early).ToHashSet(Same);
        CatalogObject? NodeOf(CatalogObject found) => now.Above(found).Prepend(found).FirstOrDefault(nodes.Contains);
        var after = nodes.ToDictionary(node => node, _ => new HashSet<CatalogObject>(Same), Same);
        foreach (var found in now.Catalog.Objects.Where(found => found.Needs.Count > 0))
        {
            if (NodeOf(found) is not { } one)
                continue;
            foreach (var other in now.NeedsOf(found).Select(NodeOf).OfType<CatalogObject>().Where(other => other != one))
                after[other].Add(one);
        }

        foreach (var node in nodes)
        {
            foreach (var above in now.Above(node).Where(nodes.Contains))
                after[above].Add(node);
        }

        var order = Sorted([.. nodes], after, node => (RemovalRank(node), -Age(node).Whole, -Age(node).Part));
        return (order.Select(node => undoing.Altered.TryGetValue(node, out var change) ? change.Sql : node.Removal), [.. early]);
    }

    /// <summary>With its parent, or (a serial's sequence) with the column that owns it; unless it needs something that goes by itself. Schemas go last, with nothing in them.</summary>
    private bool GoesWithAnother(CatalogObject made)
    {
        var above = undoing.Now.Above(made).Where(undoing.Removed.Contains).ToList();
        return above.Count > 0 && (made.IsTrait || undoing.Now.NeedsOf(made).All(needed =>
            needed.Kind == "schema" || !undoing.Removed.Contains(needed) || undoing.Now.Above(needed).Prepend(needed).Any(above.Contains)));
    }

    /// <summary>Parts before what they belong to, and each once its former name is free. Where two exchanged theirs, one of them waits under a name that nothing else has.</summary>
    private IEnumerable<string> Renames()
    {
        foreach (var (_, sql) in undoing.Prepared)
            yield return sql;
        foreach (var group in undoing.Renamed.GroupBy(rename => rename.Object.Parent is null ? rename.Object.Kind == "schema" ? 2 : 1 : 0).OrderBy(group => group.Key))
        {
            var waiting = group.ToList();
            for (var aside = 0; waiting.Count > 0;)
            {
                bool Blocks((CatalogObject Object, CatalogObject Former) one, (CatalogObject Object, CatalogObject Former) other) =>
                    one.Object != other.Object && one.Object.Name == Renaming.Wanted(other.Former, other.Object);
                var free = waiting.FindIndex(rename => !waiting.Exists(other => Blocks(other, rename)));
                var at = free >= 0 ? free : waiting.FindIndex(rename => waiting.Exists(other => Blocks(rename, other)));
                var (found, former) = waiting[at];
                var next = free >= 0 ? former : Renaming.Aside(found, ++aside);
                foreach (var sql in Renaming.Of(next, found))
                    yield return sql;
                if (free >= 0)
                    waiting.RemoveAt(at);
                else
                    waiting[at] = (next, former);
            }
        }
    }

    private IEnumerable<string> Makings(HashSet<CatalogObject> done)
    {
        var target = undoing.Target;
        var altered = undoing.Altered.Where(change => !done.Contains(change.Key)).ToDictionary(change => change.Value.Target, change => change.Value.Sql, Same);
        var nodes = undoing.Made.Where(made => !Alteration.DescribesOnly(made)).Concat(altered.Keys).ToHashSet(Same);
        var after = nodes.ToDictionary(node => node, _ => new HashSet<CatalogObject>(Same), Same);
        foreach (var node in nodes)
        {
            after[node].UnionWith(target.NeedsOf(node).SelectMany(needed => target.Above(needed).Prepend(needed)).Where(needed => nodes.Contains(needed) && needed != node && !target.Above(needed).Contains(node)));
            after[node].UnionWith(target.Above(node).Where(nodes.Contains));
        }

        foreach (var node in Sorted([.. nodes], after, node => (MakingRank(node), Age(node).Whole, Age(node).Part)))
        {
            yield return altered.GetValueOrDefault(node) ?? Making(node);
            if (undoing.Made.Contains(node) && node.Kind == "owner" && UsualRights.Of(node, undoing.Now.Catalog, target.Catalog) is { } usual)
            {
                foreach (var sql in usual)
                    yield return sql;
            }
        }
    }

    /// <summary>Without keeping writers out while an index is built. On a partitioned table there is no such way, and on what was just made no need.</summary>
    private string Making(CatalogObject made) =>
        made.Kind == "index" && !made.Definition.Contains(" ON ONLY ", StringComparison.Ordinal) && !undoing.Target.Above(made).Any(undoing.Made.Contains)
            ? IndexHead().Replace(made.Definition, "CREATE ${unique}INDEX CONCURRENTLY ", 1)
            : made.Definition;

    /// <summary>The smallest that waits for nothing, again and again; in a circle, the smallest of all.</summary>
    private static List<CatalogObject> Sorted(List<CatalogObject> nodes, Dictionary<CatalogObject, HashSet<CatalogObject>> after, Func<CatalogObject, (int, long, long)> order)
    {
        var waiting = nodes.OrderBy(order).ToList();
        var sorted = new List<CatalogObject>(nodes.Count);
        var done = new HashSet<CatalogObject>(Same);
        while (waiting.Count > 0)
        {
            var at = Math.Max(0, waiting.FindIndex(node => after[node].IsSubsetOf(done)));
            sorted.Add(waiting[at]);
            done.Add(waiting[at]);
            waiting.RemoveAt(at);
        }

        return sorted;
    }

    private static int RemovalRank(CatalogObject made) => made.Kind switch
    {
        "grant" => made.Definition.StartsWith("set role ", StringComparison.Ordinal) ? -1 : 0,
        "default" or "not null" or "statistics target" or "storage" or "compression" or "partition" or "inheritance" => 1,
        "column" or "attribute" => 2,
        "table" or "foreign table" or "sequence" or "type" or "domain" or "extension" or "function" or "procedure" or "aggregate" => 3,
        "schema" => 4,
        _ => 0,
    };

    private static int MakingRank(CatalogObject made) => made.Kind switch
    {
        "schema" or "extension" or "foreign data wrapper" or "language" or "collation" => 0,
        "type" or "domain" or "server" => 1,
        "table" or "foreign table" or "sequence" or "column" or "attribute" => 2,
        "function" or "procedure" or "aggregate" or "view" or "materialized view" => 3,
        "not null" => 4,
        "index" or "default" or "partition" or "inheritance" or "storage parameter" or "identity" => 5,
        "constraint" => 6,
        "owner" => 8,
        "grant" or "revoke" => made.Definition.StartsWith("set role ", StringComparison.Ordinal) ? 11 : 10,
        "default privilege" => 12,
        // A state is set once the thing is there; a clustering needs its index.
        _ => made.IsTrait || made.Kind is "comment" or "security label" or "clustering" or "replica identity" ? 9 : 7,
    };

    /// <summary>The numbers of its id, which grow with time; columns have that of their table, and their place in it.</summary>
    private static (long Whole, long Part) Age(CatalogObject found)
    {
        var numbers = Digits().Matches(found.Id).Take(2).Select(number => long.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0).ToList();
        return (numbers.ElementAtOrDefault(0), numbers.ElementAtOrDefault(1));
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, 60_000)]
    private static partial Regex Digits();

    [GeneratedRegex("^CREATE (?<unique>UNIQUE )?INDEX ", RegexOptions.None, 60_000)]
    private static partial Regex IndexHead();
}
