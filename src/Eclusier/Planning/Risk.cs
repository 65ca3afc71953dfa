namespace Eclusier.Planning;

/// <summary>How dangerous a step, a statement or a hazard is for the live database.</summary>
public enum Risk
{
    Low,
    Medium,
    High,
}
