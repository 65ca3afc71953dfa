namespace Eclusier.Planning;

/// <summary>How much time one partition holds. Weeks begin on Monday.</summary>
public enum PartitionInterval
{
    Day,
    Week,
    Month,
    Quarter,
    Year,
}
