using System.Text.Json;
using Eclusier.Evidence;

namespace Eclusier.Tests.Backups;

public sealed class BackupManifestTests
{
    [Fact]
    public void A_manifest_from_before_there_were_several_files_is_read()
    {
        const string Old = """
            {"id":"20260314-015930-production","taken_at":"2026-03-14T01:59:30+00:00","environment":"production","target":"db:5432/app","server_version":"15.4",
             "dump":{"file":"database.dump","tool":"pg_dump 15.4","row_counts":{"public.people":3},"roles":["ann"],"schema_fingerprint":"f00d"},
             "size_bytes":42,"sha256":"aaaa","created_by":"ana@laptop"}
            """;

        var manifest = JsonSerializer.Deserialize(Old, EclusierJson.Compact.BackupManifest)!;

        Assert.Equal([new BackupFile("database.dump", 42, "aaaa")], manifest.AllFiles);
        Assert.Equal(0, manifest.Files.Count + manifest.Dump.Files.Count + manifest.Dump.Skipped.Count);
    }
}
