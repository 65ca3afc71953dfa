using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>Paths as a runbook writes them: names with dots between.</summary>
internal static class FieldPaths
{
    public static string[] Split(string path) => path.Split('.');

    /// <summary>Refuses what would change <c>_id</c>, by which a document is known, and paths that MongoDB has no use for.</summary>
    /// <exception cref="EclusierException">Such a path.</exception>
    public static void Check(Transform transform)
    {
        foreach (var path in Written(transform))
        {
            if (Split(path) is var names && names.Any(name => name.Length == 0 || name.StartsWith('$') || name.Contains('\0')))
                throw Invalid(path, new Text("a path is names with dots between", "un chemin est fait de noms séparés par des points"));
            if (names[0] == "_id")
                throw Invalid(path, new Text("a document's _id is never changed", "l'_id d'un document n'est jamais modifié"));
        }
    }

    public static EclusierException Invalid(string what, Text reason) => new InvalidInputException(
        new Text($"\"{what}\" is not possible here: {reason.En}", $"« {what} » n'est pas possible ici : {reason.Fr}"),
        "collections.transforms",
        null);

    private static IEnumerable<string> Written(Transform transform) => transform switch
    {
        Embed embed => [embed.At],
        Replace replace => replace.Fields,
        Rename rename => rename.Fields.SelectMany(field => new[] { field.Key, field.Value }),
        Set set => set.Fields.Keys,
        Unset unset => unset.Fields,
        _ => [],
    };
}
