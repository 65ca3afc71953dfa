using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary>Every command that the stand-in knows, but for the greeting.</summary>
internal static class CommandTable
{
    private static readonly Dictionary<string, Func<CommandContext, BsonDocument>> All = new(StringComparer.Ordinal)
    {
        ["ping"] = ServerCommands.Ok,
        ["buildInfo"] = ServerCommands.BuildInfo,
        ["buildinfo"] = ServerCommands.BuildInfo,
        ["startSession"] = ServerCommands.StartSession,
        ["endSessions"] = ServerCommands.Ok,
        ["refreshSessions"] = ServerCommands.Ok,
        ["killSessions"] = ServerCommands.Ok,

        ["find"] = FindCommand.Run,
        ["getMore"] = CursorCommands.GetMore,
        ["killCursors"] = CursorCommands.Kill,
        ["aggregate"] = AggregateCommands.Aggregate,
        ["count"] = AggregateCommands.Count,
        ["distinct"] = AggregateCommands.Distinct,

        ["insert"] = InsertCommand.Run,
        ["update"] = UpdateCommand.Run,
        ["delete"] = DeleteCommand.Run,
        ["findAndModify"] = FindAndModifyCommand.Run,
        ["findandmodify"] = FindAndModifyCommand.Run,

        ["createIndexes"] = IndexCommands.Create,
        ["listIndexes"] = IndexCommands.List,
        ["dropIndexes"] = IndexCommands.Drop,

        ["create"] = CollectionCommands.Create,
        ["listCollections"] = CollectionCommands.List,
        ["collMod"] = CollectionCommands.Change,
        ["renameCollection"] = CollectionCommands.Rename,
        ["drop"] = CollectionCommands.Drop,
        ["dropDatabase"] = CollectionCommands.DropDatabase,
        ["listDatabases"] = ServerCommands.ListDatabases,
        ["collStats"] = ServerCommands.CollectionStats,
        ["collstats"] = ServerCommands.CollectionStats,
        ["dbStats"] = ServerCommands.DatabaseStats,
        ["dbstats"] = ServerCommands.DatabaseStats,
    };

    /// <exception cref="CommandError">There is no such command, or it refuses.</exception>
    public static BsonDocument Run(CommandContext context)
    {
        var run = All.GetValueOrDefault(context.Request.Name) ?? throw CommandError.CommandNotFound(context.Request.Name);
        if (context.Flag("startTransaction") || context.Body.Get("autocommit") is { Type: BsonType.Boolean })
            throw new CommandError(20, "IllegalOperation", "Transaction numbers are only allowed on a replica set member or mongos");
        return run(context);
    }
}
