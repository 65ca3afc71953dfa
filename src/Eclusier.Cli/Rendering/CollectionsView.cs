using Eclusier.Evidence;

namespace Eclusier.Cli.Rendering;

/// <summary>An inspection of MongoDB as text.</summary>
internal static class CollectionsView
{
    public static string Of(Inspection found, Language language)
    {
        var lines = new List<string>
        {
            $"{found.Target}  MongoDB {found.ServerVersion}  {Formats.Of(language).Bytes(found.SizeBytes)}",
            new Text($"user {found.User}{(found.InRecovery ? ", no primary" : "")}", $"utilisateur {found.User}{(found.InRecovery ? ", pas un primaire" : "")}").LineIn(language),
            new Text($"{English.Count(found.Collections.Count, "collection")}, {English.Count(found.IndexCount, "index", "indexes")}", $"{French.Count(found.Collections.Count, "collection")}, {found.IndexCount} index").LineIn(language),
        };
        lines.AddRange(found.Orphans.Where(orphans => orphans.Count > 0).Select(orphans => new Text($"! {orphans.Count} of {orphans.Children} have no {orphans.Parents}", $"! {orphans.Count} de {orphans.Children} n'ont pas de {orphans.Parents}").LineIn(language)));
        lines.AddRange(found.Disks.Select(disk => InspectionView.Said(disk).LineIn(language)));
        lines.Add("");
        var width = found.Collections.Select(collection => collection.Name.Length).DefaultIfEmpty(0).Max();
        lines.AddRange(found.Collections.Select(collection =>
            $"  {collection.Name.PadRight(width)}  {collection.Documents,10}  {Formats.Of(language).Bytes(collection.Bytes + collection.IndexBytes),10}  {Role(collection).LineIn(language)}".TrimEnd()));
        return string.Join('\n', lines);
    }

    private static Text Role(CollectionFacts collection)
    {
        var role = collection.Role switch
        {
            CollectionRole.Copied => new Text("copied here", "copiée ici"),
            CollectionRole.Ignored => new Text("ignored", "écartée"),
            CollectionRole.Legacy => new Text("legacy", "ancienne"),
            CollectionRole.Kept => new Text("kept for the way back", "gardée pour le retour"),
            _ => Text.Same(""),
        };
        return collection.Validator ? new Text($"{role.En}  validator".TrimStart(), $"{role.Fr}  validateur".TrimStart()) : role;
    }
}
