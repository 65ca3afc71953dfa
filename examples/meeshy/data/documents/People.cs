using System.Security.Cryptography;

static class People
{
    private static readonly string[] FirstNames =
        ["Amélie", "Kofi", "Lucía", "Jonas", "Beatriz", "Wei", "Haruka", "Yasmine", "Théo", "Grace", "Diego", "Lena", "João", "Xiu", "Kenji", "Karim", "Njanda", "Maëlle", "Oluwaseun"];
    private static readonly string[] LastNames =
    [
        "Atangana", "Bernard", "Castillo", "Dupont", "Ekambi", "Ferreira", "Garnier", "Haddad", "Ito", "Jansen", "Keller", "Lopes",
        "Mbarga", "Nguyen", "Okafor", "Petit", "Quispe", "Roux", "Sato", "Tchamba", "Wang", "Zidane", "Øster",
    ];
    private static readonly string[] Roles = ["BIGBOSS", "ADMIN", "ADMIN", "MODERATOR", "AUDIT"];
    private static readonly string[] Zones = ["Europe/Paris", "Africa/Douala", "America/Lima", "Europe/Berlin", "America/Sao_Paulo", "Asia/Shanghai", "Asia/Tokyo", "Africa/Casablanca"];

    public static string Username(int user) => user < Collection.FirstOwn ? $"{Ascii(FirstNames[user % FirstNames.Length])}.{user:000}" : $"nouveau.{user - Collection.FirstOwn + 1:00}";

    /// <summary>The first users run the place: they are the same in both databases.</summary>
    public static bool IsStaff(int user) => user < Roles.Length;

    public static Document User(int n, DateTime created, Schema schema)
    {
        var isNew = schema == Schema.New;
        var (first, last) = (FirstNames[n % FirstNames.Length], LastNames[n * 7 % LastNames.Length]);
        // Who signed up on staging, or changed the picture there, has it on staging's host.
        var host = isNew && (n >= Collections.User.Production || n % 9 == 0) ? "static.staging.meeshy.me" : "static.meeshy.me";
        return new Document
        {
            { "username", Username(n) }, { "firstName", first }, { "lastName", last }, { "displayName", $"{first} {last}" },
            { "email", $"{Username(n)}@meeshy.example" }, { "phoneNumber", n % 4 == 1 ? $"+237690{n % 100_000:000000}" : null }, { "password", PasswordHash(n) },
            { "bio", n % 5 == 0 ? Phrases.Text(n, Phrases.Of(n)) : "" }, { "avatar", n % 3 == 0 ? $"https://{host}/u/i/{created:yyyy/MM}/avatar_{n}.jpg" : null },
            { "systemLanguage", Phrases.Of(n) }, { "regionalLanguage", Phrases.Of(n + 1) }, { "customDestinationLanguage", null },
            { "role", IsStaff(n) ? Roles[n] : "USER" }, { "isActive", n % 29 != 28 }, { "isOnline", false },
            { "autoTranslateEnabled", isNew ? Document.Missing : true }, { "translateToSystemLanguage", isNew ? Document.Missing : true },
            { "lastSeen", isNew ? Document.Missing : created.AddDays(3) }, { "lastActiveAt", created.AddDays(isNew ? 30 : 3) },
            { "timezone", isNew ? Zones[n % Zones.Length] : Document.Missing },
            { "birthDate", isNew ? new DateTime(1952 + (n % 54), 1 + (n % 12), 1 + (n % 28), 0, 0, 0, DateTimeKind.Utc) : Document.Missing },
            { "blockedUserIds", isNew ? n % 31 == 30 ? [Collections.User.Id(n - 1), Collections.User.Id(n - 2)] : Array.Empty<ObjectId>() : Document.Missing },
            { "deviceId", isNew ? new Guid(n, 1, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 1) : Document.Missing },
            { "profileCompletionRate", isNew ? 20 + (n % 81) : Document.Missing }, { "failedLoginAttempts", isNew ? n % 3 : Document.Missing },
            { "emailVerifiedAt", isNew && n % 6 != 0 ? created.AddHours(2) : Document.Missing },
            { "createdAt", created }, { "updatedAt", created.AddDays(isNew ? 30 : 3) },
        };
    }

    public static Document UserStats(int n, DateTime created, Schema schema) => new()
    {
        { "userId", Collections.User.Id(n) }, { "messagesSent", n * 13 % 400 }, { "messagesReceived", n * 29 % 900 },
        { "charactersTyped", n == 0 ? 5_000_000_000L : n * 4_817L }, { "averageResponseSeconds", n * 0.75 }, { "translationsUsed", n * 3 % 77 },
        { "languagesDetected", new[] { Phrases.Of(n), Phrases.Of(n + 3) } }, { "totalOnlineTimeMinutes", schema == Schema.New ? n * 61L : n * 11L },
        { "createdAt", created }, { "updatedAt", created.AddHours(6) },
    };

    public static Document UserPreference(int n, DateTime created, Schema schema) => new()
    {
        { "userId", Collections.User.Id(n / 2) }, { "key", n % 2 == 0 ? "theme" : "fontSize" },
        { "value", n % 2 == 0 ? n % 4 == 0 ? "dark" : "light" : "16" }, { "valueType", n % 2 == 0 ? "string" : "number" },
        { "createdAt", created }, { "updatedAt", created.AddHours(1) },
    };

    public static Document AnonymousParticipant(int n, DateTime created, Schema schema)
    {
        var link = n % Collections.ConversationShareLink.Staging;
        return new Document
        {
            { "conversationId", Collections.Conversation.Id(Conversations.SharedBy(link)) },
            { "shareLinkId", Collections.ConversationShareLink.Id(link) }, { "firstName", FirstNames[n * 5 % FirstNames.Length] }, { "lastName", LastNames[n * 3 % LastNames.Length] },
            { "username", $"invité_{n}" }, { "sessionToken", new Guid(n, 2, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 2) }, { "ipAddress", $"192.0.2.{n}" }, { "country", "CM" },
            { "language", "fr" }, { "isActive", n % 5 != 4 }, { "permissions", new Document { { "canSendMessages", true }, { "canSendFiles", false }, { "canSendImages", true } } },
            { "joinedAt", created }, { "leftAt", n % 5 == 4 ? created.AddHours(5) : null },
        };
    }

    public static Document FriendRequest(int n, DateTime created, Schema schema)
    {
        var (sender, receiver) = (Collections.User.For(Collections.FriendRequest, n, 2), Collections.User.For(Collections.FriendRequest, n, 2) + 1);
        return new Document
        {
            { "senderId", Collections.User.Id(n < Collection.FirstOwn ? sender : n) }, { "receiverId", Collections.User.Id(receiver) },
            { "message", n % 3 == 0 ? Phrases.Text(n, "fr") : Document.Missing }, { "status", n % 4 == 3 ? "rejected" : n % 4 == 2 ? "pending" : "accepted" },
            { "respondedAt", n % 4 == 2 ? null : created.AddHours(20) }, { "createdAt", created }, { "updatedAt", created.AddHours(20) },
        };
    }

    public static Document Notification(int n, DateTime created, Schema schema)
    {
        var message = n < Collection.FirstOwn ? n * 37 : (n - Collection.FirstOwn) * 5;
        var conversation = Messages.ConversationOf(message);
        return new Document
        {
            { "userId", Collections.User.Id(Conversations.Member(conversation, 1)) },
            { "type", n % 3 == 0 ? "user_mentioned" : "new_message" }, { "title", "Nouveau message" }, { "content", Phrases.Text(message, "fr") },
            { "data", new Document { { "conversationId", Collections.Conversation.Id(conversation) }, { "messageId", Collections.Message.Id(message) }, { "preview", new Document { { "length", 32 }, { "truncated", n % 2 == 0 } } } } },
            { "priority", n % 17 == 0 ? "high" : "normal" }, { "isRead", n % 4 != 0 }, { "readAt", n % 4 != 0 ? created.AddMinutes(9) : null },
            { "expiresAt", created.AddDays(90) }, { "createdAt", created },
        };
    }

    public static Document AdminAuditLog(int n, DateTime created, Schema schema) => new()
    {
        { "userId", Collections.User.Id(5 + n) }, { "adminId", Collections.User.Id(n % 3) }, { "action", n % 2 == 0 ? "UPDATE_PROFILE" : "VIEW_USER" },
        { "entity", "User" }, { "entityId", Collections.User.Id(5 + n).ToString() },
        { "changes", n % 2 == 0 ? new Document { { "profile.bio", new Document { { "from", null }, { "to", Phrases.Text(n, "fr") } } }, { "isActive", new Document { { "from", false }, { "to", true } } } } : null },
        { "ipAddress", $"203.0.113.{n}" }, { "createdAt", created },
    };

    private static string Ascii(string name) => name.ToLowerInvariant().Replace('é', 'e').Replace('ë', 'e').Replace('í', 'i').Replace('ã', 'a');

    /// <summary>Looks like bcrypt's; no password has it.</summary>
    private static string PasswordHash(int user) => $"$2b$10${Convert.ToBase64String(SHA512.HashData(BitConverter.GetBytes(user)))[..53].Replace('+', '.')}";
}
