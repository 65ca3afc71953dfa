using Eclusier.Evidence;

namespace Eclusier.Runs;

/// <summary>What somebody is asked before anything is changed.</summary>
/// <param name="Evidence">The run so far, its plan and hazards in it.</param>
/// <param name="Decision">The criteria; a go but for the answer.</param>
/// <param name="Name">What must be typed, where the environment is protected; null: yes or no.</param>
public sealed record Question(RunRecord Evidence, Decision Decision, string? Name);

/// <summary>What came of it.</summary>
public enum Answer
{
    Consent,
    Refusal,
    /// <summary>Nobody is there: the input has ended.</summary>
    None,
}
