using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver.Native;

/// <summary>How the driver sends a command.</summary>
internal enum CommandKind
{
    /// <summary>As it is, to the primary.</summary>
    Plain,
    /// <summary>With the connection string's read preference and concern; again, when the connection breaks.</summary>
    Read,
    /// <summary>With the connection string's write concern.</summary>
    Write,
}

/// <summary>Runs one command and waits for its answer.</summary>
internal static unsafe class NativeCommand
{
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public static BsonDocument Run(ClientPool pool, string database, BsonDocument command, CommandKind kind)
    {
        using var view = new NativeBsonView(command);
        using var lease = pool.Lease();
        // Written by the call, which initialises it whatever happens.
        using var reply = new NativeReply();
        var error = new NativeError();
        var client = (void*)lease.Client;
        var done = kind switch
        {
            CommandKind.Read => LibMongoc.mongoc_client_read_command_with_opts(client, database, view.Pointer, null, null, reply.Pointer, &error),
            CommandKind.Write => LibMongoc.mongoc_client_write_command_with_opts(client, database, view.Pointer, null, reply.Pointer, &error),
            _ => LibMongoc.mongoc_client_command_simple(client, database, view.Pointer, null, reply.Pointer, &error),
        };
        var answer = reply.Pointer->ToDocument();
        return done != 0 ? answer : throw new MongoException(error, answer);
    }
}
