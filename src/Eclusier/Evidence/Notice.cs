namespace Eclusier.Evidence;

/// <summary>What is sent when trouble begins, and when it ends.</summary>
/// <param name="Id">Sent again with the same one, should it be uncertain whether it arrived.</param>
/// <param name="Event"><c>began</c> or <c>ended</c>.</param>
/// <param name="Runbook">The runbook's name.</param>
/// <param name="Kind">As in <see cref="Trouble.Kind"/>.</param>
public sealed record Notice(string Id, string Event, string Runbook, string Environment, string Kind, string Name, DateTimeOffset Since, DateTimeOffset At, Text Message);

/// <summary>A notification on its way.</summary>
/// <param name="ToCommand">The command has not taken it yet.</param>
/// <param name="ToUrl">The webhook has not taken it yet.</param>
public sealed record PendingNotice(Notice Notice, bool ToCommand, bool ToUrl);
