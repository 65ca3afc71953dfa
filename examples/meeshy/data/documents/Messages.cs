static class Messages
{
    private static readonly string[] Emojis = ["❤️", "👍", "🔥", "🎉", "😂"];

    public static int ConversationOf(int message) => message >= Collection.FirstOwn ? Collection.FirstOwn + (message % 2) : message * 31 % Rooms(message);

    /// <returns>The number of the user; null for one without an account.</returns>
    public static int? SenderOf(int message) => AnonymousSenderOf(message) is null ? Conversations.Member(ConversationOf(message), Turn(message)) : null;

    public static ObjectId? AnonymousSenderOf(int message)
    {
        var (conversation, participants) = (ConversationOf(message), Collections.AnonymousParticipant.Staging);
        var isAnonymous = !IsInProduction(message) && conversation % 2 == 1 && conversation < participants && message / Rooms(message) % 8 == 7;
        return isAnonymous ? Collections.AnonymousParticipant.Id((conversation / 2) + (message % 2 * participants / 2)) : null;
    }

    public static string LanguageOf(int message) => SenderOf(message) is { } sender ? Phrases.Of(sender) : "fr";

    /// <summary>The last message of a conversation, as that database knows it.</summary>
    public static int LastIn(int conversation, Schema schema)
    {
        if (conversation >= Collection.FirstOwn)
            return Collection.FirstOwn + Collections.Message.Own - 2 + (conversation % 2);
        var last = (schema == Schema.New ? Collections.Message.Staging : Collections.Message.Production!.Value) - 1;
        while (ConversationOf(last) != conversation)
            last--;
        return last;
    }

    public static Document Message(int n, DateTime created, Schema schema)
    {
        var (isNew, conversation) = (schema == Schema.New, ConversationOf(n));
        var (isEdited, isDeleted) = (n % 13 == 12, n % 41 == 40);
        // It answers the one before in its conversation.
        var isReply = n % 9 == 0 && n >= Rooms(n) && n < Collection.FirstOwn && IsInProduction(n) == IsInProduction(n - Rooms(n));
        var reactions = ReactionTo(n) is { } first ? new Document { { Emoji(first), 1 }, { Emoji(first + 1), 1 } } : null;
        var mentioned = MentionedIn(n) is { } user ? People.Username(user) : null;
        return new Document
        {
            { "conversationId", Collections.Conversation.Id(conversation) },
            { "senderId", SenderOf(n) is { } sender ? Collections.User.Id(sender) : null }, { "anonymousSenderId", AnonymousSenderOf(n) is { } guest ? guest : Document.Missing },
            { "content", mentioned is null ? Phrases.Text(n, LanguageOf(n)) : $"@{mentioned} {Phrases.Text(n, LanguageOf(n))}" }, { "originalLanguage", LanguageOf(n) },
            { "messageType", Attachments.KindIn(n) ?? "text" }, { "messageSource", isNew ? "user" : Document.Missing },
            { "isEdited", isEdited }, { "editedAt", isEdited ? created.AddMinutes(4) : Document.Missing },
            { "isDeleted", isDeleted }, { "deletedAt", isDeleted ? created.AddHours(1) : null },
            { "replyToId", isReply ? Collections.Message.Id(n - Rooms(n)) : Document.Missing }, { "validatedMentions", mentioned is null ? Array.Empty<string>() : [mentioned] },
            { "reactionSummary", isNew ? reactions : Document.Missing }, { "reactionCount", isNew ? reactions is null ? 0 : 2 : Document.Missing },
            { "deliveredCount", isNew ? Conversations.Size(conversation) - 1 : Document.Missing }, { "createdAt", created }, { "updatedAt", created.AddMinutes(isEdited ? 4 : 0) },
        };
    }

    public static Document Reaction(int n, DateTime created, Schema schema)
    {
        var message = (n / 2 * 54) + 1;
        return new Document
        {
            { "messageId", Collections.Message.Id(message) }, { "userId", Collections.User.Id(Conversations.Member(ConversationOf(message), n % 2)) },
            { "emoji", Emoji(n) }, { "createdAt", Collections.Message.At(message).AddMinutes(1 + n) }, { "updatedAt", Collections.Message.At(message).AddMinutes(1 + n) },
        };
    }

    public static Document Mention(int n, DateTime created, Schema schema)
    {
        var message = (n * 100) + 3;
        return new Document
        {
            { "messageId", Collections.Message.Id(message) },
            { "mentionedUserId", Collections.User.Id(MentionedIn(message)!.Value) }, { "mentionedAt", Collections.Message.At(message) },
        };
    }

    public static Document MessageStatus(int n, DateTime created, Schema schema)
    {
        var (message, delivered) = (n * 26, Collections.Message.At(n * 26).AddSeconds(2));
        return new Document
        {
            { "messageId", Collections.Message.Id(message) }, { "userId", Collections.User.Id(Conversations.Member(ConversationOf(message), 1)) },
            { "status", n % 3 == 0 ? "delivered" : "read" },
            { "device", new Document { { "id", new Guid(n, 3, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 3) }, { "platform", n % 2 == 0 ? "ios" : "web" } } },
            { "deliveredAt", delivered }, { "readAt", n % 3 == 0 ? null : delivered.AddSeconds(n) },
        };
    }

    public static Document MessageReadStatus(int n, DateTime created, Schema schema)
    {
        var message = n * 139;
        return new Document
        {
            { "messageId", Collections.Message.Id(message) }, { "userId", Collections.User.Id(Conversations.Member(ConversationOf(message), 0)) },
            { "readDurationMs", n * 417L }, { "readAt", Collections.Message.At(message).AddMinutes(3) },
        };
    }

    /// <summary>How many conversations there were to write in.</summary>
    private static int Rooms(int message) => IsInProduction(message) ? Collections.Conversation.Production!.Value : Collections.Conversation.Staging;

    private static int Turn(int message) => message / Rooms(message) % Conversations.Size(ConversationOf(message));

    private static bool IsInProduction(int message) => message < Collections.Message.Production || message >= Collection.FirstOwn;

    private static int? MentionedIn(int message) => message % 100 == 3 && message / 100 < Collections.Mention.Staging
        ? Conversations.Member(ConversationOf(message), (Turn(message) + 1) % Conversations.Size(ConversationOf(message)))
        : null;

    /// <returns>The number of the first of two reactions.</returns>
    private static int? ReactionTo(int message) => message % 54 == 1 && message / 54 * 2 < Collections.Reaction.Staging ? message / 54 * 2 : null;

    private static string Emoji(int reaction) => Emojis[((reaction / 2) + (reaction % 2)) % Emojis.Length];
}
