namespace Eclusier.Evidence;

/// <summary>A migration that a tracking table has, and that has no file.</summary>
/// <param name="FileName">What its file would be called.</param>
/// <param name="Text">Its statements, as they ran; null where the table does not keep them.</param>
public sealed record LostMigration(string Version, string Name, string FileName, string? Text);
