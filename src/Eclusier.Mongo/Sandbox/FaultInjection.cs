using Eclusier.Mongo.Sandbox.Wire;

namespace Eclusier.Mongo.Sandbox;

/// <summary>Counts commands, and says when what was asked for goes wrong.</summary>
internal sealed class FaultInjection(InjectedFaults faults, TimeProvider time)
{
    private int _commands;
    private int _getMores;
    private long? _steppedDown;

    /// <summary>Whether the server can be written to now.</summary>
    public bool IsPrimary => _steppedDown is not { } since || time.GetElapsedTime(since) >= faults.StepDownFor;

    /// <summary>Whether the connection is to be closed at this moment.</summary>
    public bool Closes(Request request, CommandMoment moment) => faults.CloseWhen?.Invoke(request.Body, moment) == true;

    /// <summary>Counts a command.</summary>
    /// <returns>Whether its connection is to be closed without an answer.</returns>
    /// <exception cref="CommandError">The server is no primary, or has lost the cursor.</exception>
    public bool Next(Request request, out bool carryOut)
    {
        carryOut = true;
        if (request.Name is "ping" or "endSessions")
            return false;
        if (++_commands == faults.StepDownAtCommand)
            _steppedDown = time.GetTimestamp();
        if (!IsPrimary)
            throw CommandError.NotWritablePrimary();
        if (request.Name == "getMore" && ++_getMores == faults.LoseCursorAtGetMore)
            throw CommandError.CursorNotFound(request.Body.First().Value.ToInt64());
        if (_commands != faults.DropAtCommand)
            return false;
        carryOut = faults.DropAfterCarryingOut;
        return true;
    }
}
