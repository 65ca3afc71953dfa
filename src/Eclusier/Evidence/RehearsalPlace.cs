namespace Eclusier.Evidence;

/// <summary>Where copies are restored and rehearsed on, as the evidence names it.</summary>
public static class RehearsalPlace
{
    /// <summary>A throwaway server on this machine; any other place is a server's address without secrets.</summary>
    public const string ThisMachine = "sandbox";
}
