using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox;

/// <summary>How the stand-in for MongoDB behaves.</summary>
public sealed record StandInOptions
{
    /// <summary>The name of a replica set of one server, on which clients retry writes; null: a server that stands alone.</summary>
    public string? ReplicaSet { get; init; }

    /// <summary>How long a cursor stays that nobody reads from.</summary>
    public TimeSpan CursorTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public InjectedFaults Faults { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Where in a command something goes wrong.</summary>
public enum CommandMoment
{
    /// <summary>It came, and is not carried out.</summary>
    Before,
    /// <summary>It is carried out, and nobody has heard of it.</summary>
    After,
}

/// <summary>What goes wrong, for tests. Commands count from 1, over all connections, without greetings, pings and the end of sessions.</summary>
public sealed record InjectedFaults
{
    /// <summary>At this command the connection is closed without an answer.</summary>
    public int? DropAtCommand { get; init; }

    /// <summary>Whether that command is carried out all the same.</summary>
    public bool DropAfterCarryingOut { get; init; }

    /// <summary>From this command on the server is no primary, for <see cref="StepDownFor"/>.</summary>
    public int? StepDownAtCommand { get; init; }

    public TimeSpan StepDownFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Asked before each command is carried out and again behind it, while no other runs: whether its connection is closed there, without an answer.</summary>
    public Func<BsonDocument, CommandMoment, bool>? CloseWhen { get; init; }

    /// <summary>This <c>getMore</c> (counted from 1) finds its cursor gone.</summary>
    public int? LoseCursorAtGetMore { get; init; }
}
