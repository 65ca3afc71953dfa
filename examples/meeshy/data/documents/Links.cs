static class Links
{
    public static Document AffiliateToken(int n, DateTime created, Schema schema) => new()
    {
        { "token", $"aff_{n * 7_919 % 100_000:00000}" }, { "name", $"Campagne {n}" }, { "createdBy", Collections.User.Id(n * 3) },
        { "maxUses", n % 3 == 0 ? null : 100 }, { "currentUses", n % 4 }, { "reward", 2.50m + n }, { "isActive", n % 8 != 7 }, { "createdAt", created },
    };

    public static Document AffiliateRelation(int n, DateTime created, Schema schema)
    {
        var token = Collections.AffiliateToken.For(Collections.AffiliateRelation, n);
        return new Document
        {
            { "affiliateTokenId", Collections.AffiliateToken.Id(token) }, { "affiliateUserId", Collections.User.Id(token * 3) },
            { "referredUserId", Collections.User.Id((n % 60 * 3) + 1 + (n / 60)) }, { "status", n % 5 == 0 ? "pending" : "completed" },
            { "commission", new Document { { "amount", n * 1.10m }, { "currency", "EUR" } } }, { "createdAt", created },
            { "completedAt", n % 5 == 0 ? null : created.AddDays(1) },
        };
    }

    public static Document TrackingLink(int n, DateTime created, Schema schema)
    {
        var message = (n * 60) + 11;
        var host = schema == Schema.New && n >= Collections.TrackingLink.Production ? "staging.meeshy.me" : "meeshy.me";
        return new Document
        {
            { "token", Token(n) }, { "originalUrl", $"https://example.org/article?id={n}&source=meeshy" }, { "shortUrl", $"https://{host}/l/{Token(n)}" },
            { "createdBy", Messages.SenderOf(message) is { } user ? Collections.User.Id(user) : null },
            { "conversationId", Collections.Conversation.Id(Messages.ConversationOf(message)) },
            { "messageId", Collections.Message.Id(message) }, { "totalClicks", 6 + (n % 5) },
            { "uniqueClicks", 4L }, { "isActive", true }, { "createdAt", created }, { "lastClickedAt", created.AddDays(4) },
        };
    }

    public static Document TrackingLinkClick(int n, DateTime created, Schema schema)
    {
        var link = Collections.TrackingLink.For(Collections.TrackingLinkClick, n);
        return new Document
        {
            { "trackingLinkId", Collections.TrackingLink.Id(link) }, { "userId", n % 2 == 0 ? Collections.User.Id(Collections.User.For(Collections.TrackingLinkClick, n, 5)) : null },
            { "ipAddress", $"198.51.100.{n % 250}" }, { "country", n % 3 == 0 ? "FR" : "CM" },
            { "position", new Document { { "type", "Point" }, { "coordinates", new[] { 2.35 + (n % 7), 48.85 } } } },
            { "browser", "Firefox" }, { "device", n % 3 == 1 ? "mobile" : "desktop" }, { "clickedAt", created },
        };
    }

    private static string Token(int n) => $"{n * 104_729 % 0xFFFFFF:x6}";
}
