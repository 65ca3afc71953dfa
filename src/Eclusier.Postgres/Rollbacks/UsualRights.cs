using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>
/// ALTER DEFAULT PRIVILEGES gives rights to what is made, and takes some away, also when it is made again: they are undone, so that the recorded rights start from what
/// PostgreSQL gives by itself.
/// </summary>
internal static class UsualRights
{
    /// <param name="owner">The command that gives a new object its owner; its rights are in place then.</param>
    /// <returns>Null where no default privilege applies to such an object.</returns>
    public static IEnumerable<string>? Of(CatalogObject owner, CatalogSnapshot now, CatalogSnapshot target)
    {
        // "view public.v", in the definition "alter view public.v owner to somebody"
        var at = owner.Definition.LastIndexOf(" owner to ", StringComparison.Ordinal);
        if (at < 0 || owner.Parent is not { } name || owner.Name.Length <= name.Length)
            return null;
        var (kind, role) = (owner.Name[..^(name.Length + 1)], owner.Definition[(at + " owner to ".Length)..]);
        var (objects, called, right) = kind switch
        {
            "table" or "view" or "materialized view" or "foreign table" => ("tables", "table", null),
            "sequence" => ("sequences", "sequence", null),
            "function" or "aggregate" => ("functions", "function", "execute"),
            "procedure" => ("functions", "procedure", "execute"),
            "type" or "domain" => ("types", kind, "usage"),
            "schema" => ("schemas", "schema", (string?)null),
            _ => ("", "", null),
        };
        var applied = objects.Length == 0 ? [] : now.Objects.Concat(target.Objects).Where(found => found.Kind == "default privilege" && found.Name.Contains($" on {objects} ", StringComparison.Ordinal)).ToList();
        if (applied.Count == 0)
            return null;
        var grantees = applied.Select(found => found.Local).Where(grantee => grantee != role).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return
        [
            .. grantees.Count == 0 ? Array.Empty<string>() : [$"revoke all on {called} {name} from {string.Join(", ", grantees)}"],
            $"grant all on {called} {name} to {role}",
            .. right is null ? Array.Empty<string>() : [$"grant {right} on {called} {name} to public"],
        ];
    }
}
