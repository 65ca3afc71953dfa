using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Backups;

/// <summary>Reads a dump's files.</summary>
internal static class DumpReader
{
    /// <summary>A server's own limit leaves room for what is around a document.</summary>
    private const int Largest = BsonDocument.LargestSize + (16 * 1024);

    /// <exception cref="EclusierException">The file is not there, or is not as it was written.</exception>
    public static async Task CheckAsync(string folder, DumpedFile file, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file.Path);
        if (!File.Exists(path))
            throw Damaged(path, new Text("This file of the backup is missing.", "Ce fichier de la sauvegarde manque."));
        await using var stream = File.OpenRead(path);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) != file.Sha256)
            throw Damaged(path, new Text("This file of the backup is not as it was written: its checksum differs.", "Ce fichier de la sauvegarde n'est pas tel qu'il a été écrit : sa somme de contrôle diffère."));
    }

    public static async Task<string> TextAsync(string folder, DumpedFile file, CancellationToken cancellationToken)
    {
        await using var gzip = Open(folder, file);
        using var reader = new StreamReader(gzip);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>In batches, as large as a copy's.</summary>
    /// <exception cref="EclusierException">The file ends in the middle of a document, or holds something else.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<BsonDocument>> DocumentsAsync(
        string folder, DumpedFile file, CopyOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var gzip = Open(folder, file);
        await using var stream = new BufferedStream(gzip, 1 << 16);
        var (batch, bytes) = (new List<BsonDocument>(), 0);
        while (await NextAsync(stream, file, cancellationToken) is { } document)
        {
            if (batch.Count > 0 && (batch.Count >= options.BatchCount || bytes + document.Size > options.BatchBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }
            batch.Add(document);
            bytes += document.Size;
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private static GZipStream Open(string folder, DumpedFile file) => new(File.OpenRead(Path.Combine(folder, file.Path)), CompressionMode.Decompress);

    private static async Task<BsonDocument?> NextAsync(BufferedStream stream, DumpedFile file, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (read < head.Length || length is < 5 or > Largest)
            throw NotBson(file);
        var document = new byte[length];
        head.CopyTo(document, 0);
        if (await stream.ReadAtLeastAsync(document.AsMemory(4), length - 4, throwOnEndOfStream: false, cancellationToken) < length - 4 || document[^1] != 0)
            throw NotBson(file);
        return new BsonDocument(document);
    }

    private static EclusierException NotBson(DumpedFile file) => Damaged(file.Path, new Text("This file of the backup holds something else than documents.", "Ce fichier de la sauvegarde contient autre chose que des documents."));

    private static EclusierException Damaged(string path, Text problem) =>
        new RefusedException(problem, path, new Text("Use another copy of the backup.", "Utilisez une autre copie de la sauvegarde."));
}
