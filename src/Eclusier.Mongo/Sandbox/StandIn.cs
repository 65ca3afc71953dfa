using System.Net;
using System.Net.Sockets;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Commands;
using Eclusier.Mongo.Sandbox.Storage;
using Eclusier.Mongo.Sandbox.Wire;

namespace Eclusier.Mongo.Sandbox;

/// <summary>
/// A server in this process that speaks MongoDB's wire protocol on 127.0.0.1 and keeps documents in memory. It runs one command at a time, so that each is
/// atomic towards all clients. It does less than MongoDB, and says so (error 59 or 238) instead of doing something else.
/// </summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _oneAtATime = new();
    private readonly Databases _databases = new();
    private readonly RetriedWrites _retried = new();
    private readonly Cursors _cursors;
    private readonly FaultInjection _faults;
    private readonly StandInOptions _options;
    private readonly Func<Login> _newLogin;
    private readonly Task _accepting;

    public StandIn(StandInOptions options, string user, string password)
    {
        _options = options;
        _newLogin = () => new Login(user, password);
        _cursors = new Cursors(options.Time, options.CursorTimeout);
        _faults = new FaultInjection(options.Faults, options.Time);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int OpenCursors
    {
        get
        {
            lock (_oneAtATime)
                return _cursors.Count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(Task.Run(() => ServeAsync(client)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private Task ServeAsync(TcpClient client)
    {
        var login = _newLogin();
        return new WireConnection(client, request => Answer(request, login)).ServeAsync(_stopping.Token);
    }

    /// <returns>Null: the connection is to be closed.</returns>
    private BsonDocument? Answer(Request request, Login login)
    {
        lock (_oneAtATime)
        {
            try
            {
                if (Handshake.Is(request))
                    return Handshake.Reply(request, Address, _options.ReplicaSet, _faults.IsPrimary, _options.Time, login.Speculate(request));
                if (login.Answer(request) is { } conversation)
                    return conversation;
                var drop = _faults.Next(request, out var carryOut);
                if (_faults.Closes(request, CommandMoment.Before))
                    return null;
                var reply = carryOut ? Run(request) : null;
                return drop || _faults.Closes(request, CommandMoment.After) ? null : reply;
            }
            catch (CommandError e)
            {
                return e.ToReply();
            }
            // A command that lacks a field, or has one of another type; a client may send anything.
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
            {
                return CommandError.FailedToParse(e.Message).ToReply();
            }
            // A fault of ours is seen best by whoever asked.
            catch (Exception e)
            {
                return new CommandError(1, "InternalError", $"{e.GetType().Name}: {e.Message}").ToReply();
            }
        }
    }

    private BsonDocument Run(Request request) =>
        _retried.Once(request, () => CommandTable.Run(new CommandContext(request, _databases, _cursors, _options.Time)));
}
