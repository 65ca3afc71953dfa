namespace Eclusier.Planning;

/// <summary>The hazards that a copy of collections can have; what a runbook's <c>forbid</c> and <c>allow</c> name.</summary>
public static class CollectionHazards
{
    /// <summary>The target's documents give way to others.</summary>
    public const string Replace = "replace-collection";

    /// <summary>Documents that only the target has go with it.</summary>
    public const string LostDocuments = "lost-documents";

    /// <summary>Children without a parent, or that no place in it can take, are in no document of the copy.</summary>
    public const string LostChildren = "lost-children";

    public static IReadOnlyList<string> Ids { get; } = [Replace, LostDocuments, LostChildren];
}
