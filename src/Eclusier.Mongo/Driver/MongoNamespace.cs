namespace Eclusier.Mongo.Driver;

/// <summary>A collection's full name.</summary>
public sealed record MongoNamespace
{
    /// <exception cref="ArgumentException">A name is empty or contains a zero; the server checks the rest.</exception>
    public MongoNamespace(string database, string collection)
    {
        Database = Checked(database);
        Collection = Checked(collection);
    }

    public string Database { get; }

    public string Collection { get; }

    public override string ToString() => $"{Database}.{Collection}";

    internal static string Checked(string name) => name.Length > 0 && !name.Contains('\0')
        ? name
        : throw new ArgumentException("A database's or collection's name cannot be empty or contain a zero.", nameof(name));
}
