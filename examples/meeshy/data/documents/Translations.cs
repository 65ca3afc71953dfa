/// <summary>What the migration moves into the messages.</summary>
static class Translations
{
    private const int OrphanEvery = 232;

    private static readonly string[] Models = ["basic", "medium", "premium"];

    /// <summary>Four messages have eight translations.</summary>
    private static readonly (int Message, int Slot)[] Eight = [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)];

    public static Document MessageTranslation(int n, DateTime _, Schema schema)
    {
        // One in 232 outlived its message. The last two were stored a second time: one of them better, one just the same.
        var isOrphan = n % OrphanEvery == OrphanEvery - 1;
        var (message, slot) = n == 2_785 ? Place(150) : n == 2_786 ? Place(1_300) : Place(n - (n / OrphanEvery));
        var language = Phrases.Of(Phrases.IndexOf(Messages.LanguageOf(message)) + 1 + slot);
        var (created, isNew) = (Collections.Message.At(message).AddSeconds(slot + 1).AddDays(n >= 2_785 ? 20 : 0), schema == Schema.New);
        return new Document
        {
            { "messageId", isOrphan ? new ObjectId(created.AddSeconds(-1), Collections.Message.Code, 50_000 + n) : Collections.Message.Id(message) },
            { "targetLanguage", language }, { isNew ? "translatedText" : "translatedContent", Phrases.Text(message, language) + (n == 2_785 ? " ✓" : "") },
            { "translationModel", !isNew ? "basic" : n % 18 == 5 ? Document.Missing : n % 140 == 7 ? null : Models[n % 3] },
            // What JavaScript wrote: 1 is an integer, 0.97 is not.
            { "confidenceScore", n % 25 == 0 ? (object)1 : Math.Round(0.7 + (n % 30 * 0.01), 2) }, { "createdAt", created }, { "updatedAt", created.AddMinutes(isNew ? n % 60 : 0) },
        };
    }

    /// <returns>The number of the message, and how many of its translations come before.</returns>
    private static (int Message, int Slot) Place(int n) => (((n / 8 * 4) + Eight[n % 8].Message) * 17, Eight[n % 8].Slot);
}
