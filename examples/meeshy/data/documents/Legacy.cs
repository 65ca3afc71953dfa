static class Legacy
{
    public static Document CallSessions(int n, DateTime created, Schema schema) => new()
    {
        { "conversation_id", Collections.Conversation.Id(n * 2) }, { "initiator_id", Collections.User.Id(Conversations.Member(n * 2, 0)) },
        { "mode", "p2p" }, { "status", n % 6 == 5 ? "missed" : "ended" }, { "started_at", created }, { "duration", n % 6 == 5 ? 0 : 60 + (n * 7) },
    };

    public static Document CallParticipants(int n, DateTime created, Schema schema) => new()
    {
        { "call_session_id", Collections.CallSessions.Id(n % (schema == Schema.New ? Collections.CallSessions.Staging : Collections.CallSessions.Production!.Value)) },
        { "user_id", Collections.User.Id(n) }, { "role", n % 2 == 0 ? "initiator" : "participant" },
        { "connection_quality", new Document { { "latency", 40 + n }, { "packetLoss", n * 0.001 } } },
    };

    public static Document OldMessageStatus(int n, DateTime created, Schema schema) => new()
    {
        { "message_id", Collections.Message.Id(n) }, { "status", "read" }, { "at", created },
    };

    public static Document BackupUrls(int n, DateTime created, Schema schema) => new()
    {
        { "attachmentId", Collections.MessageAttachment.Id(n) },
        { "fileUrl", $"https://{(schema == Schema.New ? "staging." : "")}meeshy.me/attachments/{Attachments.Path(n)}" }, { "backedUpAt", created },
    };

    public static Document Categories(int n, DateTime created, Schema schema) => new()
    {
        { "user_id", Collections.User.Id(n) }, { "name", $"Catégorie {n}" }, { "order", (double)n },
    };

    public static Document Preferences(int n, DateTime created, Schema schema) => new()
    {
        { "user_id", Collections.User.Id(Conversations.Member(n, 0)) },
        { "conversation_id", Collections.Conversation.Id(n) }, { "is_pinned", n % 2 == 0 }, { "tags", Array.Empty<string>() },
    };
}
