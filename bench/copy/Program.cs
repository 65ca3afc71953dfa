// serve | fill COUNT BYTES | loop | ours: the address of the server is in the environment.
using System.Diagnostics;
using Eclusier.Engines;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Sandbox;
using Eclusier.Values;

if (args[0] == "serve")
{
    await using var sandbox = await MongoSandbox.StartAsync(CancellationToken.None);
    Console.WriteLine(sandbox.UrlOf("bench").Reveal());
    await Task.Delay(Timeout.Infinite);
}
await using var client = await MongoClient.ConnectAsync(new DatabaseUrl(Environment.GetEnvironmentVariable("BENCH_URL")!), new MongoClientOptions(), CancellationToken.None);
var database = client.Database(client.DefaultDatabase ?? "bench");
var (source, target) = (database.Collection("source"), database.Collection("target"));
if (args[0] == "fill")
{
    await source.DropAsync(CancellationToken.None);
    var text = new string('x', int.Parse(args[2]));
    var documents = Enumerable.Range(0, int.Parse(args[1])).Select(n => BsonDocument.Of(("_id", ObjectId.New(TimeProvider.System)), ("n", n), ("name", $"name {n}"), ("text", text)));
    await source.InsertAsync(documents, new WriteOptions(), CancellationToken.None);
    return;
}
await target.DropAsync(CancellationToken.None);
var started = Stopwatch.GetTimestamp();
var count = args[0] == "ours" ? await OursAsync() : await LoopAsync();
var took = Stopwatch.GetElapsedTime(started);
var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
Console.WriteLine($"{took.TotalSeconds:0.0} {long.Parse(peak) / 1024} {count}");

async Task<long> OursAsync()
{
    var result = await CollectionCopy.RunAsync(new CopyOrder(source, target), new CopyOptions(), CancellationToken.None);
    return result.IsVerified ? result.Verified.Count : throw new InvalidOperationException("The copy is not the source.");
}

async Task<long> LoopAsync()
{
    var copied = 0L;
    await foreach (var batch in source.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 1000 }, CancellationToken.None))
        copied += (await target.InsertAsync(batch, new WriteOptions(), CancellationToken.None)).Inserted;
    return copied;
}
