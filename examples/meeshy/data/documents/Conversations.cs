static class Conversations
{
    private static readonly string[] Topics = ["Famille", "Équipe produit", "Projet Douala", "Voyage à Lima", "Lycée Njanda", "日本語クラブ", "Fußball am Sonntag"];

    /// <summary>Two by two: a direct one, and a group.</summary>
    public static int Size(int conversation) => IsGroup(conversation) ? 6 : 2;

    /// <returns>The number of the user who is member <paramref name="slot"/>.</returns>
    public static int Member(int conversation, int slot) => conversation >= Collection.FirstOwn
        ? Collection.FirstOwn + (IsGroup(conversation) ? 2 + slot : slot)
        : ((conversation * 7) + (slot * 13)) % (conversation < Collections.Conversation.Production ? Collections.User.Production!.Value : Collections.User.Staging);

    /// <returns>The number of the conversation that a share link opens.</returns>
    public static int SharedBy(int link) => (link * 2) + 1;

    public static Document Conversation(int n, DateTime created, Schema schema)
    {
        var (isNew, last) = (schema == Schema.New, Messages.LastIn(n, schema));
        return new Document
        {
            { "identifier", $"mshy_{(IsGroup(n) ? "groupe" : "direct")}-{n}" }, { "type", IsGroup(n) ? n % 8 == 7 ? "public" : "group" : "direct" },
            { "title", IsGroup(n) ? $"{Topics[n % Topics.Length]} {n}" : null },
            { "communityId", n % 4 == 1 ? Collections.Community.Id(Collections.Community.For(Collections.Conversation, n)) : Document.Missing },
            { "isActive", n % 19 != 18 }, { "memberCount", Size(n) }, { "createdBy", Collections.User.Id(Member(n, 0)) },
            { "defaultWriteRole", isNew ? "everyone" : Document.Missing }, { "slowModeSeconds", isNew ? n % 10 == 9 ? 30 : 0 : Document.Missing },
            { "settings", isNew ? new Document { { "autoTranslate", true }, { "languages", new[] { "fr", "en" } }, { "retentionDays", null } } : Document.Missing },
            { "lastMessageAt", Collections.Message.At(last) }, { "createdAt", created }, { "updatedAt", Collections.Message.At(last) },
        };
    }

    public static Document ConversationMember(int n, DateTime created, Schema schema)
    {
        var (conversation, slot) = MemberAt(n);
        return new Document
        {
            { "conversationId", Collections.Conversation.Id(conversation) }, { "userId", Collections.User.Id(Member(conversation, slot)) },
            { "role", slot == 0 ? "admin" : "member" }, { "nickname", n % 40 == 39 ? "Le boss" : Document.Missing }, { "canSendMessage", true }, { "canSendFiles", slot != 5 },
            { "isActive", n % 23 != 22 }, { "joinedAt", created }, { "leftAt", n % 23 == 22 ? created.AddDays(2) : null },
        };
    }

    public static Document ConversationReadCursor(int n, DateTime created, Schema schema)
    {
        var (conversation, slot) = MemberAt(n);
        var read = Messages.LastIn(conversation, schema);
        return new Document
        {
            { "conversationId", Collections.Conversation.Id(conversation) }, { "userId", Collections.User.Id(Member(conversation, slot)) },
            { "lastReadMessageId", Collections.Message.Id(read) }, { "lastReadAt", Collections.Message.At(read).AddMinutes(n % 50) }, { "unreadCount", 0 }, { "version", 1L + n },
            { "updatedAt", Collections.Message.At(read).AddMinutes(n % 50) },
        };
    }

    public static Document UserConversationCategory(int n, DateTime created, Schema schema) => new()
    {
        { "userId", Collections.User.Id(n * 5) }, { "name", n % 2 == 0 ? "Travail" : "Amis" }, { "color", $"#{n * 6_001 % 0xFFFFFF:x6}" },
        { "icon", n % 2 == 0 ? "💼" : "🎉" }, { "order", n % 3 }, { "isExpanded", true },
        { "createdAt", created }, { "updatedAt", created },
    };

    public static Document UserConversationPreferences(int n, DateTime created, Schema schema)
    {
        var (conversation, slot) = MemberAt(n * 4);
        var user = Member(conversation, slot);
        var hasCategory = user % 5 == 0 && user / 5 < Collections.UserConversationCategory.Staging;
        return new Document
        {
            { "userId", Collections.User.Id(user) }, { "conversationId", Collections.Conversation.Id(conversation) },
            { "isPinned", n % 6 == 0 }, { "isMuted", n % 11 == 0 }, { "isArchived", false }, { "tags", n % 3 == 0 ? ["important", "à relire"] : Array.Empty<string>() },
            { "categoryId", hasCategory ? Collections.UserConversationCategory.Id(user / 5) : null }, { "orderInCategory", hasCategory ? n : null },
            { "createdAt", created }, { "updatedAt", created.AddHours(3) },
        };
    }

    public static Document ConversationPreference(int n, DateTime created, Schema schema)
    {
        var (conversation, slot) = MemberAt(n * 8);
        return new Document
        {
            { "conversationId", Collections.Conversation.Id(conversation) }, { "userId", Collections.User.Id(Member(conversation, slot)) },
            { "key", "wallpaper" }, { "value", $"motif-{n % 4}" }, { "valueType", "string" }, { "createdAt", created },
        };
    }

    public static Document ConversationShareLink(int n, DateTime created, Schema schema)
    {
        var conversation = SharedBy(n);
        return new Document
        {
            { "linkId", $"mshy_{n:000}" }, { "identifier", $"mshy_lien-{n}" }, { "conversationId", Collections.Conversation.Id(conversation) },
            { "createdBy", Collections.User.Id(Member(conversation, 0)) }, { "maxUses", n % 2 == 0 ? 50 : null }, { "currentUses", schema == Schema.New ? 2 : 0 }, { "isActive", true },
            { "allowedCountries", new[] { "FR", "CM" } }, { "allowedIpRanges", Array.Empty<string>() }, { "expiresAt", created.AddDays(365) }, { "createdAt", created },
        };
    }

    public static Document Community(int n, DateTime created, Schema schema) => new()
    {
        { "identifier", $"mshy_communaute-{n}" }, { "name", Topics[n % Topics.Length] }, { "description", Phrases.Text(n, "fr") }, { "isPrivate", n % 2 == 0 },
        { "isActive", schema == Schema.New ? true : Document.Missing }, { "createdBy", Collections.User.Id(n) }, { "createdAt", created }, { "updatedAt", created },
    };

    public static Document CommunityMember(int n, DateTime created, Schema schema) => new()
    {
        { "communityId", Collections.Community.Id(n / 8) }, { "userId", Collections.User.Id((n / 8) + (n % 8 * 11)) },
        { "role", n % 8 == 0 ? "admin" : "member" }, { "isActive", true }, { "joinedAt", created },
    };

    public static Document TypingIndicator(int n, DateTime created, Schema schema) => new()
    {
        { "conversationId", Collections.Conversation.Id(n) }, { "userId", Collections.User.Id(Member(n, 0)) }, { "isTyping", true },
        { "startedAt", created }, { "expiresAt", created.AddSeconds(10) },
    };

    private static bool IsGroup(int conversation) => conversation % 2 == 1;

    /// <summary>A pair of conversations has eight members: two, and six.</summary>
    private static (int Conversation, int Slot) MemberAt(int n)
    {
        var (first, rest) = n >= Collection.FirstOwn ? (Collection.FirstOwn, n - Collection.FirstOwn) : (0, n);
        return rest % 8 < 2 ? (first + (rest / 8 * 2), rest % 8) : (first + (rest / 8 * 2) + 1, (rest % 8) - 2);
    }
}
