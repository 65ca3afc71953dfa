using System.Net.Sockets;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>One client's connection: reads a message, answers it, reads the next.</summary>
/// <param name="answer">Null: close the connection without an answer.</param>
internal sealed class WireConnection(TcpClient client, Func<Request, BsonDocument?> answer)
{
    private int _sent;

    /// <summary>Ends when the client goes, sends what is no message, or the server stops.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        using (client)
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            try
            {
                while (await ReadAsync(stream, cancellationToken) is var (header, message) && Answer(header, message) is { } reply)
                    await stream.WriteAsync(reply, cancellationToken);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or FormatException or ArgumentException)
            {
                // The connection ends, as it does with MongoDB.
            }
        }
    }

    private static async Task<(WireHeader Header, ReadOnlyMemory<byte> Message)?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var start = new byte[WireHeader.Size];
        if (await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken) < start.Length)
            return null;
        var header = WireHeader.Read(start);
        if (header.Length is < WireHeader.Size or > WireHeader.LongestMessage)
            return null;
        var message = new byte[header.Length - WireHeader.Size];
        await stream.ReadExactlyAsync(message, cancellationToken);
        return (header, message);
    }

    /// <summary>Empty when the client wants none; null when the connection is to be closed.</summary>
    private byte[]? Answer(WireHeader header, ReadOnlyMemory<byte> message)
    {
        var request = header.OpCode switch
        {
            OpMsg.Code => OpMsg.Read(message),
            OpQuery.Code => OpQuery.Read(message),
            _ => null,
        };
        if (request is null || answer(request) is not { } reply)
            return null;
        if (!request.WantsReply)
            return [];
        var id = ++_sent;
        return header.OpCode == OpMsg.Code ? OpMsg.Write(reply, id, header.RequestId) : OpQuery.Write(reply, id, header.RequestId);
    }
}
