using Eclusier.Runbooks;
using Eclusier.Tests.Shared;

namespace Eclusier.Tests.Runbooks;

public sealed class BackupPlaceTests
{
    [Theory]
    [InlineData("./backups", "/w/backups")]
    [InlineData("bk/../bk/", "/w/bk")]
    [InlineData("./a:b", "/w/a:b")]
    [InlineData("/mnt/x", "/mnt/x")]
    [InlineData("file:///mnt/my%20disk", "/mnt/my disk")]
    [InlineData("FILE:/mnt/x/", "/mnt/x")]
    [InlineData("file://localhost/mnt/x", "/mnt/x")]
    [InlineData("rclone:far:prod/db/", "rclone:far:prod/db")]
    [InlineData("RCLONE:far:", "rclone:far:")]
    [InlineData("rclone:my drive:x", "rclone:my drive:x")]
    [InlineData("rclone::s3,provider=AWS,endpoint=\"https://h:9000\":bucket", "rclone::s3,provider=AWS,endpoint=\"https://h:9000\":bucket")]
    [InlineData("sftp://ann@host/backups", "sftp://ann@host/backups")]
    [InlineData("scp://ann@HOST:22//backups/./x/../", "scp://ann@host/backups")]
    [InlineData("SFTP://host:2222/~/b", "sftp://host:2222/~/b")]
    [InlineData("sftp://ann@[::1]:2222/b", "sftp://ann@[::1]:2222/b")]
    [InlineData("s3://my-bucket/prod/", "s3://my-bucket/prod")]
    [InlineData("S3://my-bucket", "s3://my-bucket")]
    public void A_place_is_understood_in_its_shortest_form(string written, string expected)
    {
        Assert.Null(BackupPlace.Read(written, "/w", out var place));
        Assert.Equal(expected, place);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a\nb", "control")]
    [InlineData("gs://bucket/x", "gs:", "rclone:")]
    [InlineData("sfpt://host/x", "sfpt:", "nearest is sftp://")]
    [InlineData("SCHP://host/x", "schp:", "scp://")]
    [InlineData("rcolne:far:x", "rcolne:", "rclone:")]
    [InlineData("ftp://host/x", "ftp:", "sftp://")]
    [InlineData("s3a://bucket/x", "s3a:", "s3://")]
    [InlineData("azure://x/y", "azure:", "rclone:")]
    [InlineData("https://x/y", "https:", "rclone:")]
    [InlineData("ann@host:/backups", "another machine", "sftp://ann@host/backups", "./ann@host:/backups")]
    [InlineData("host:backups", "another machine", "./host:backups")]
    [InlineData(@"C:\backups", "Windows")]
    [InlineData("c:/backups", "Windows")]
    [InlineData(@"\\server\share", "Windows")]
    [InlineData(@"backups\prod", "Windows")]
    [InlineData("~bob/backups", "shell")]
    [InlineData("$HOME/backups", "shell")]
    [InlineData("rclone:", "no remote")]
    [InlineData("rclone:./backups", "no remote")]
    [InlineData("rclone:far", "no remote")]
    [InlineData("rclone://far/x", "no remote")]
    [InlineData("rclone:--config=x:y", "no remote")]
    [InlineData("rclone::local:/tmp/x", "folder of this machine")]
    [InlineData("file://host/x", "no folder")]
    [InlineData("file:x", "no folder")]
    [InlineData("sftp://host", "no host with a folder")]
    [InlineData("sftp:///x", "no host with a folder")]
    [InlineData("scp://host:99999/x", "no host with a folder")]
    [InlineData("s3://", "no bucket")]
    [InlineData("s3:///x", "no bucket")]
    public void What_is_no_place_is_refused_by_name(string written, params string[] said)
    {
        var problem = BackupPlace.Read(written, "/w", out _);

        Assert.All(said, part => Assert.Contains(part, problem?.En, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sftp://ann:Tr0ub4dor-x@host/b")]
    [InlineData("sftp://ann:Tr0ub/4dor-x@host/b")]
    [InlineData("s3://AKIAKEY:Tr0ub4dor-x@bucket/b")]
    public void A_password_is_refused_and_not_repeated(string written) =>
        Assert.DoesNotContain("4dor-x", BackupPlace.Read(written, "/w", out _)!.En, StringComparison.Ordinal);

    /// <summary>What is no place, and what is one place twice, is told with the place in it.</summary>
    [Theory]
    [InlineData("rclone::s3,access_key_id=A1,secret_access_key=4dor-x://b")]
    [InlineData("rclone::alias,remote=/mnt/x,auth=4dor-x:y:b")]
    [InlineData("rclone::local,pass=4dor-x:/tmp")]
    [InlineData("rcolne::s3,secret_access_key=4dor-x:b")]
    [InlineData("s3,secret_access_key=4dor-x:b")]
    [InlineData("far,client_secret=\"4dor-x\":b")]
    public void Keys_among_the_settings_of_a_remote_are_not_repeated(string written) =>
        Assert.DoesNotContain("4dor-x", BackupPlace.Read(written, "/w", out _)!.En, StringComparison.Ordinal);

    [Fact]
    public void A_remote_named_twice_is_told_without_its_keys() =>
        Assert.Equal(
            "rclone::s3,provider=AWS,secret_access_key=***:b is named twice: two copies in one place are one copy",
            Twice("/w", "rclone::s3,provider=AWS,secret_access_key=4dor-x:b", "rclone::s3,provider=AWS,secret_access_key=4dor-x:b/")!.En);

    [Fact]
    public void Two_ways_to_one_place_are_one()
    {
        using var folder = new TemporaryFolder();
        var (bk, link, other) = (Path.Combine(folder.Path, "bk"), Path.Combine(folder.Path, "link"), Path.Combine(folder.Path, "other"));
        Directory.CreateDirectory(bk);
        Directory.CreateSymbolicLink(link, bk);

        foreach (var second in new[] { "bk", "./bk/", "x/../bk", bk, "link", "link/../link", $"file://{bk}", bk.ToUpperInvariant() == bk ? "link" : "bk/." })
            Assert.NotNull(Twice(folder.Path, "bk", second));
        Assert.NotNull(Twice(folder.Path, "link/later", "bk/later"));
        Assert.NotNull(Twice(folder.Path, "scp://ann@h/b", "sftp://ann@H:22//b/"));
        Assert.NotNull(Twice(folder.Path, "s3://bucket/b", "S3://bucket/b/"));
        Assert.NotNull(Twice(folder.Path, "rclone:r:b", "rclone:r:b/"));
        Assert.Null(Twice(folder.Path, "bk", other));
        Assert.Null(Twice(folder.Path, "bk", "bk/inner"));
        Assert.Null(Twice(folder.Path, "rclone:r:b", "rclone:r:c"));
        Assert.Equal(FolderPlace.DeviceOf(bk), FolderPlace.DeviceOf(Path.Combine(other, "not", "there", "yet")));
    }

    private static Text? Twice(string directory, string first, string second)
    {
        Assert.Null(BackupPlace.Read(first, directory, out var one));
        Assert.Null(BackupPlace.Read(second, directory, out var two));
        return BackupPlace.Twice([one, two]);
    }
}
