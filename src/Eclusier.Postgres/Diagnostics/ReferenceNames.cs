using System.Text;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Which of a schema's tables a column seems to refer to, by its name alone.</summary>
/// <param name="tables">The names of those that can be referred to.</param>
public sealed class ReferenceNames(IEnumerable<string> tables)
{
    private static readonly (string One, string Many)[] Irregular = [("person", "people"), ("child", "children"), ("man", "men"), ("woman", "women")];

    private readonly ILookup<string, string> _tables = tables.ToLookup(Snake, StringComparer.Ordinal);

    /// <summary>
    /// Column <c>contact_id</c> or <c>contactId</c>: table <c>contact</c> or <c>contacts</c>. Plurals end in -s; in -es after -s, -x, -z, -ch and -sh; in -ies in the place
    /// of -y after a consonant; and person, child, man and woman have their own, also at the end of a longer name. <c>UserProfiles</c> is read as <c>user_profiles</c>.
    /// </summary>
    /// <returns>Null where no table or more than one fits: two candidates are none.</returns>
    public string? Table(string column)
    {
        if (Stem(column) is not { } stem)
            return null;
        var fitting = _tables[stem].Concat(_tables[Plural(stem)]).Take(2).ToList();
        return fitting.Count == 1 ? fitting[0] : null;
    }

    /// <summary>What stands before <c>_id</c> or <c>Id</c>; null where neither ends the name, or nothing stands before it.</summary>
    private static string? Stem(string column)
    {
        var isSuffixed = column.EndsWith("_id", StringComparison.Ordinal)
            || (column.Length > 2 && column.EndsWith("Id", StringComparison.Ordinal) && (char.IsLower(column[^3]) || char.IsDigit(column[^3])));
        var snake = Snake(column);
        return isSuffixed && snake.Length > 3 ? snake[..^3] : null;
    }

    private static string Plural(string stem)
    {
        foreach (var (one, many) in Irregular)
        {
            if (stem == one || stem.EndsWith($"_{one}", StringComparison.Ordinal))
                return stem[..^one.Length] + many;
        }

        if (stem.Length > 1 && stem[^1] == 'y' && !"aeiou".Contains(stem[^2], StringComparison.Ordinal))
            return stem[..^1] + "ies";
        return stem[^1] is 's' or 'x' or 'z' || stem.EndsWith("ch", StringComparison.Ordinal) || stem.EndsWith("sh", StringComparison.Ordinal) ? stem + "es" : stem + "s";
    }

    /// <summary><c>userProfile</c> as <c>user_profile</c>.</summary>
    private static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        for (var at = 0; at < name.Length; at++)
        {
            if (at > 0 && char.IsUpper(name[at]) && (char.IsLower(name[at - 1]) || char.IsDigit(name[at - 1])))
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[at]));
        }

        return snake.ToString();
    }
}
