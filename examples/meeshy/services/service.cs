#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property InvariantGlobalization=true

// Stands in for the two services whose health the runbook asks: dotnet run services/service.cs -- gateway (or translator)
// DATABASE_URL is the database, ASPNETCORE_URLS where to listen (default http://127.0.0.1:3000, for the translator :8000).
// GET /health greets the database anew each time, and answers 503 when it does not greet back.

using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

if (args is not [("gateway" or "translator") and var name])
{
    await Console.Error.WriteLineAsync("usage: dotnet run services/service.cs -- gateway|translator");
    return 2;
}

var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls(builder.Configuration["ASPNETCORE_URLS"] ?? $"http://127.0.0.1:{(name == "gateway" ? 3000 : 8000)}");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
await using var app = builder.Build();

if (MongoServer.Parse(app.Configuration["DATABASE_URL"] ?? "") is not { Length: > 0 } servers)
{
    await Console.Error.WriteLineAsync("DATABASE_URL is not like mongodb://user:password@host:27017/database");
    return 2;
}

var started = Stopwatch.StartNew();
app.MapGet("/health", async (CancellationToken cancellationToken) =>
{
    var failures = new List<string>();
    foreach (var server in servers)
    {
        if (await server.GreetAsync(cancellationToken) is not { } failure)
            return Health("healthy", new { status = "up", server = server.ToString() }, StatusCodes.Status200OK);
        failures.Add($"{server}: {failure}");
    }

    return Health("unhealthy", new { status = "down", error = string.Join("; ", failures) }, StatusCodes.Status503ServiceUnavailable);
});

await app.RunAsync();
return 0;

IResult Health(string status, object database, int statusCode) => Results.Json(
    new { status, service = name, timestamp = DateTimeOffset.UtcNow, version = "1.0.0", services = new { database }, uptime = started.Elapsed.TotalSeconds },
    statusCode: statusCode);

/// <summary>One server of a connection string, without TLS.</summary>
sealed record MongoServer(string Host, int Port)
{
    private const int DefaultPort = 27017;
    private const int HeaderSize = 16;
    private const int OpMsg = 2013;
    private const int LargestReply = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The servers of <c>mongodb://user:password@host:port,host:port/database?options</c>; none when it is something else.</summary>
    public static MongoServer[] Parse(string url)
    {
        const string scheme = "mongodb://";
        if (!url.StartsWith(scheme, StringComparison.Ordinal))
            return [];
        var authority = url[scheme.Length..].Split('/', '?')[0];
        return [.. authority[(authority.LastIndexOf('@') + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ParseServer).OfType<MongoServer>()];
    }

    /// <summary>Says <c>hello</c>, which needs no login.</summary>
    /// <returns>What is wrong; null when the server says that all is well.</returns>
    public async Task<string?> GreetAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Host, Port, patience.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Hello(), patience.Token);
            return SaysOk(await ReadAsync(stream, patience.Token)) ? null : "hello was refused";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer in time";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return e.Message;
        }
    }

    public override string ToString() => $"{Host}:{Port}";

    private static MongoServer? ParseServer(string server)
    {
        // The colons of an IPv6 address are in brackets.
        var colon = server.LastIndexOf(':');
        if (colon <= server.LastIndexOf(']'))
            return new MongoServer(server.Trim('[', ']'), DefaultPort);
        return ushort.TryParse(server[(colon + 1)..], out var port) ? new MongoServer(server[..colon].Trim('[', ']'), port) : null;
    }

    /// <summary>An OP_MSG (manual: MongoDB Wire Protocol) of one document: <c>{ hello: 1, $db: "admin" }</c>.</summary>
    private static byte[] Hello()
    {
        byte[] elements = [0x10, .. "hello\0"u8, 1, 0, 0, 0, 0x02, .. "$db\0"u8, 6, 0, 0, 0, .. "admin\0"u8];
        byte[] document = [.. Int32(4 + elements.Length + 1), .. elements, 0];
        byte[] body = [.. Int32(0), 0, .. document];
        return [.. Int32(HeaderSize + body.Length), .. Int32(1), .. Int32(0), .. Int32(OpMsg), .. body];
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    /// <returns>What follows the header.</returns>
    private static async Task<byte[]> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderSize];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is <= HeaderSize or > LargestReply || BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) != OpMsg)
            throw new IOException("this is not MongoDB");
        var body = new byte[length - HeaderSize];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return body;
    }

    private static bool SaysOk(byte[] body)
    {
        using var reader = new BinaryReader(new MemoryStream(body));
        // The flags, the kind of section, the size of its document.
        reader.BaseStream.Seek(4 + 1 + 4, SeekOrigin.Begin);
        while (reader.ReadByte() is not 0 and var type)
        {
            if (ReadName(reader) == "ok")
                return type switch { 0x01 => reader.ReadDouble() == 1, 0x08 => reader.ReadBoolean(), 0x10 => reader.ReadInt32() == 1, _ => false };
            Skip(reader, type);
        }

        return false;
    }

    private static string ReadName(BinaryReader reader)
    {
        var name = new StringBuilder();
        while (reader.ReadByte() is not 0 and var character)
            name.Append((char)character);
        return name.ToString();
    }

    private static void Skip(BinaryReader reader, byte type)
    {
        var size = type switch
        {
            0x01 or 0x09 or 0x11 or 0x12 => 8,
            0x02 => reader.ReadInt32(),
            0x03 or 0x04 => reader.ReadInt32() - 4,
            0x05 => reader.ReadInt32() + 1,
            0x07 => 12,
            0x08 => 1,
            0x0A => 0,
            0x10 => 4,
            0x13 => 16,
            _ => throw new IOException($"a value of type {type} is not known"),
        };
        if (size < 0)
            throw new IOException("this is not BSON");
        reader.BaseStream.Seek(size, SeekOrigin.Current);
    }
}
