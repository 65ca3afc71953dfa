using System.Security.Cryptography;
using System.Text;

static class Attachments
{
    private static readonly string[] Kinds = ["image", "file", "audio", "video"];
    private static readonly string[] MimeTypes = ["image/jpeg", "application/pdf", "audio/opus", "video/mp4"];
    private static readonly string[] Extensions = ["jpg", "pdf", "opus", "mp4"];

    /// <returns>What is attached to a message; null: nothing.</returns>
    public static string? KindIn(int message) => message % 34 == 2 && message / 34 < Collections.MessageAttachment.Staging ? Kinds[message / 34 % 4] : null;

    public static Document MessageAttachment(int n, DateTime _, Schema schema)
    {
        var (message, kind, path) = (MessageOf(n), n % 4, Path(n));
        // Some were uploaded to the gateway's own host, some came with the copy from production.
        var root = schema == Schema.Old ? "https://meeshy.me/api/attachments/file" : $"https://{(n % 50 == 7 ? "" : n % 5 == 4 ? "gate.staging." : "staging.")}meeshy.me/api/v1/attachments/file";
        var uploader = Messages.SenderOf(message) is { } user ? Collections.User.Id(user) : Messages.AnonymousSenderOf(message);
        return new Document
        {
            { "messageId", Collections.Message.Id(message) }, { "fileName", $"{n:0000}.{Extensions[kind]}" },
            { "originalName", kind == 1 ? "plan staging.meeshy.me.pdf" : $"souvenir {n}.{Extensions[kind]}" }, { "mimeType", MimeTypes[kind] },
            { "fileSize", kind == 3 ? (object)(2_600_000_000L + n) : 40_000 + (n * 17) }, { "filePath", path }, { "fileUrl", $"{root}/{path}" },
            { "thumbnailPath", kind is 0 or 3 ? $"{path}.thumb.jpg" : Document.Missing },
            { "thumbnailUrl", kind is 0 or 3 ? $"{root}/{path}.thumb.jpg" : kind == 2 ? null : Document.Missing },
            { "width", kind == 0 ? 1_600 : Document.Missing }, { "height", kind == 0 ? 1_200 : Document.Missing },
            { "duration", kind >= 2 ? n * 1_000 : Document.Missing }, { "fps", kind == 3 ? 29.97 : Document.Missing },
            { "metadata", kind == 0 ? new Document { { "exif", new Document { { "gps", new[] { 4.0511, 9.7679 } }, { "orientation", 1 } } } } : Document.Missing },
            { "transcription", kind == 2 ? Transcription(n, message) : Document.Missing }, { "checksum", SHA256.HashData(Encoding.UTF8.GetBytes(path)) },
            { "uploadedBy", uploader }, { "isAnonymous", Messages.SenderOf(message) is null }, { "createdAt", Collections.Message.At(message) },
        };
    }

    public static string Path(int n) => $"{Collections.Message.At(MessageOf(n)):yyyy/MM}/{n:0000}.{Extensions[n % 4]}";

    private static int MessageOf(int n) => (n * 34) + 2;

    private static Document Transcription(int n, int message) => new()
    {
        { "text", Phrases.Text(message, Messages.LanguageOf(message)) }, { "language", Messages.LanguageOf(message) }, { "confidence", 0.93 }, { "source", "whisper" },
        { "segments", new[] { new Document { { "start", 0.0 }, { "end", 1.25 }, { "speaker", 0 } }, new Document { { "start", 1.25 }, { "end", n / 4.0 }, { "speaker", 1 } } } },
    };
}
