using System.Net.Sockets;
using System.Runtime.InteropServices;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>One client's connection: reads a message, answers it, reads the next.</summary>
/// <param name="answer">Null: close the connection without an answer.</param>
internal sealed class WireConnection(TcpClient client, Func<Request, BsonDocument?> answer)
{
    private readonly ReplyMemory _replies = new();
    private int _sent;

    /// <summary>Of a message that nothing was kept of.</summary>
    private byte[] _spare = [];

    /// <summary>Ends when the client goes, sends what is no message, or the server stops.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        using (client)
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            try
            {
                while (await ReadAsync(stream, cancellationToken) is var (header, message) && Request(header, message) is { } request && answer(request with { Reply = _replies }) is { } reply)
                {
                    if (request.WantsReply)
                        await SendAsync(stream, header, reply, cancellationToken);
                    Spare(request, message);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or FormatException or ArgumentException)
            {
                // The connection ends, as it does with MongoDB.
            }
        }
    }

    private async Task<(WireHeader Header, ReadOnlyMemory<byte> Message)?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var start = new byte[WireHeader.Size];
        if (await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken) < start.Length)
            return null;
        var header = WireHeader.Read(start);
        if (header.Length is < WireHeader.Size or > WireHeader.LongestMessage)
            return null;
        var message = Room(header.Length - WireHeader.Size);
        await stream.ReadExactlyAsync(message, cancellationToken);
        return (header, message);
    }

    private Memory<byte> Room(int size)
    {
        var room = _spare.Length >= size ? _spare : GC.AllocateUninitializedArray<byte>(size);
        _spare = [];
        return room.AsMemory(0, size);
    }

    /// <summary>Documents of an insert are copied; other commands may keep pieces of what was sent.</summary>
    private void Spare(Request request, ReadOnlyMemory<byte> message)
    {
        if (request.Name == "insert" && MemoryMarshal.TryGetArray(message, out var bytes))
            _spare = bytes.Array!;
    }

    private static Request? Request(WireHeader header, ReadOnlyMemory<byte> message) => header.OpCode switch
    {
        OpMsg.Code => OpMsg.Read(message),
        OpQuery.Code => OpQuery.Read(message),
        _ => null,
    };

    /// <summary>A large document is not copied for the sake of one write.</summary>
    private async Task SendAsync(NetworkStream stream, WireHeader header, BsonDocument reply, CancellationToken cancellationToken)
    {
        const int large = 64 * 1024;
        var id = ++_sent;
        var start = header.OpCode == OpMsg.Code ? OpMsg.Start(reply, id, header.RequestId) : OpQuery.Start(reply, id, header.RequestId);
        if (reply.Size < large)
        {
            await stream.WriteAsync((byte[])[.. start, .. reply.Bytes.Span], cancellationToken);
            return;
        }

        await stream.WriteAsync(start, cancellationToken);
        await stream.WriteAsync(reply.Bytes, cancellationToken);
    }
}
