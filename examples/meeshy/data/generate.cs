#:property PublishAot=false
#:property InvariantGlobalization=true

// Writes staging and production, one document a line in canonical extended JSON: dotnet run data/generate.cs -- OUTPUT-FOLDER
// OUTPUT-FOLDER/staging/User.jsonl, OUTPUT-FOLDER/production/User.jsonl and so on; an empty file is an empty collection. The bytes are the same every time.

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

if (args is not [var output])
{
    Console.Error.WriteLine("usage: dotnet run data/generate.cs -- OUTPUT-FOLDER");
    return 2;
}

Console.WriteLine($"{"collection",-30}{"staging",10}{"production",12}");
foreach (var collection in Collections.All)
{
    var staging = collection.Write(Path.Combine(output, "staging"), Enumerable.Range(0, collection.Staging), Schema.New);
    int? production = collection.Production is { } count
        ? collection.Write(Path.Combine(output, "production"), [.. Enumerable.Range(0, count), .. Enumerable.Range(Collection.FirstOwn, collection.Own)], Schema.Old)
        : null;
    Console.WriteLine($"{collection.Name,-30}{staging,10}{production?.ToString(CultureInfo.InvariantCulture) ?? "-",12}");
}

return 0;

/// <summary>Staging was copied from production, went on with new data, and was brought to a new schema. Production kept the old one, and got data of its own.</summary>
enum Schema { Old, New }

/// <summary>What there is. A document is a function of its number, so that each can refer to any other.</summary>
static class Collections
{
    public static readonly List<Collection> All = [];

    public static readonly Collection AdminAuditLog = Add(nameof(AdminAuditLog), staging: 89, production: 61, own: 0, People.AdminAuditLog);
    public static readonly Collection AffiliateRelation = Add(nameof(AffiliateRelation), 86, 48, 0, Links.AffiliateRelation);
    public static readonly Collection AffiliateToken = Add(nameof(AffiliateToken), 59, 31, 0, Links.AffiliateToken);
    public static readonly Collection AnonymousParticipant = Add(nameof(AnonymousParticipant), 24, 0, 0, People.AnonymousParticipant);
    public static readonly Collection Community = Add(nameof(Community), 8, 6, 0, Conversations.Community, spring: true);
    public static readonly Collection CommunityMember = Add(nameof(CommunityMember), 64, 48, 0, Conversations.CommunityMember);
    public static readonly Collection Conversation = Add(nameof(Conversation), 152, 114, 2, Conversations.Conversation, spring: true);
    public static readonly Collection ConversationMember = Add(nameof(ConversationMember), 608, 456, 8, Conversations.ConversationMember);
    public static readonly Collection ConversationPreference = Add(nameof(ConversationPreference), 18, 0, 0, Conversations.ConversationPreference);
    public static readonly Collection ConversationReadCursor = Add(nameof(ConversationReadCursor), 480, null, 0, Conversations.ConversationReadCursor);
    public static readonly Collection ConversationShareLink = Add(nameof(ConversationShareLink), 12, 5, 0, Conversations.ConversationShareLink);
    public static readonly Collection FriendRequest = Add(nameof(FriendRequest), 96, 80, 3, People.FriendRequest);
    public static readonly Collection Mention = Add(nameof(Mention), 240, 44, 0, Messages.Mention);
    public static readonly Collection Message = Add(nameof(Message), 24_000, 4_466, 42, Messages.Message);
    public static readonly Collection MessageAttachment = Add(nameof(MessageAttachment), 703, 131, 0, Attachments.MessageAttachment);
    public static readonly Collection MessageReadStatus = Add(nameof(MessageReadStatus), 172, 32, 0, Messages.MessageReadStatus);
    public static readonly Collection MessageStatus = Add(nameof(MessageStatus), 912, 171, 0, Messages.MessageStatus);
    public static readonly Collection MessageTranslation = Add(nameof(MessageTranslation), 2_787, 520, 0, Translations.MessageTranslation);
    public static readonly Collection Notification = Add(nameof(Notification), 640, 90, 850, People.Notification);
    public static readonly Collection Reaction = Add(nameof(Reaction), 864, 164, 0, Messages.Reaction);
    public static readonly Collection TrackingLink = Add(nameof(TrackingLink), 75, 60, 0, Links.TrackingLink);
    public static readonly Collection TrackingLinkClick = Add(nameof(TrackingLinkClick), 604, 410, 0, Links.TrackingLinkClick);
    public static readonly Collection TypingIndicator = Add(nameof(TypingIndicator), 6, 0, 0, Conversations.TypingIndicator);
    public static readonly Collection User = Add(nameof(User), 232, 198, 9, People.User, spring: true);
    public static readonly Collection UserConversationCategory = Add(nameof(UserConversationCategory), 40, null, 0, Conversations.UserConversationCategory);
    public static readonly Collection UserConversationPreferences = Add(nameof(UserConversationPreferences), 134, null, 0, Conversations.UserConversationPreferences);
    public static readonly Collection UserPreference = Add(nameof(UserPreference), 116, 64, 0, People.UserPreference);
    public static readonly Collection UserStats = Add(nameof(UserStats), 232, 96, 0, People.UserStats);

    // Left over from older schemas. What staging has of them differs from what production has: neither may reach the other.
    public static readonly Collection BackupUrls = Add("MessageAttachment_backup_urls", 70, 131, 0, Legacy.BackupUrls);
    public static readonly Collection CallParticipants = Add("call_participants", 12, 48, 0, Legacy.CallParticipants);
    public static readonly Collection CallSessions = Add("call_sessions", 10, 44, 0, Legacy.CallSessions);
    public static readonly Collection OldMessageStatus = Add("old_message_status", 3, 7, 0, Legacy.OldMessageStatus);
    public static readonly Collection OldCategories = Add("user_conversation_categories", 4, 6, 0, Legacy.Categories);
    public static readonly Collection OldPreferences = Add("user_conversation_preferences", 21, 34, 0, Legacy.Preferences);

    private static Collection Add(string name, int staging, int? production, int own, Func<int, DateTime, Schema, Document> document, bool spring = false)
    {
        var collection = new Collection(All.Count + 1, name, staging, production, own, document)
        {
            From = spring ? Day(2025, 1, 10) : Day(2025, 9, 1),
            To = spring ? Day(2025, 9, 1) : Day(2026, 1, 26),
        };
        All.Add(collection);
        return collection;
    }

    private static DateTime Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, DateTimeKind.Utc);
}

/// <param name="Code">Tells its ids from those of the others.</param>
/// <param name="Staging">How many staging has, numbered from 0.</param>
/// <param name="Production">How many of these numbers production has; null where it has no such collection.</param>
/// <param name="Own">How many more production has that staging has not, numbered from <see cref="FirstOwn"/>.</param>
sealed record Collection(int Code, string Name, int Staging, int? Production, int Own, Func<int, DateTime, Schema, Document> Document)
{
    public const int FirstOwn = 100_000;

    /// <summary>From when its documents were created, to when.</summary>
    public required DateTime From { get; init; }

    public required DateTime To { get; init; }

    public ObjectId Id(int n) => new(At(n), Code, n);

    /// <summary>When document <paramref name="n"/> was created. What production has for itself came after staging was copied.</summary>
    public DateTime At(int n)
    {
        var copied = new DateTime(2025, 10, 1, 6, 0, 0, DateTimeKind.Utc);
        var (from, to, position, count) = n < FirstOwn ? (From, To, n, Staging) : (copied, To, n - FirstOwn, Own);
        return from.AddMilliseconds(Math.Floor((to - from).TotalMilliseconds / count * position));
    }

    /// <summary>The number of one of our documents for <paramref name="n"/> of <paramref name="other"/> to refer to: one that production has, too, where it has that.</summary>
    public int For(Collection other, int n, int stride = 1) => (int)((long)n * stride % (n < (other.Production ?? 0) || n >= FirstOwn ? Production!.Value : Staging));

    public int Write(string folder, IEnumerable<int> numbers, Schema schema)
    {
        Directory.CreateDirectory(folder);
        using var file = File.Create(Path.Combine(folder, $"{Name}.jsonl"));
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var count = 0;
        foreach (var n in numbers)
        {
            var document = Document(n, At(n), schema);
            document.Elements.Insert(0, ("_id", Id(n)));
            ExtendedJson.Write(json, document);
            json.Flush();
            json.Reset();
            file.WriteByte((byte)'\n');
            count++;
        }

        return count;
    }
}
