using System.Globalization;

/// <summary>What people write, in the languages that they read.</summary>
static class Phrases
{
    private static readonly string[] Languages = ["fr", "en", "es", "de", "pt", "zh", "ja", "ar"];

    private static readonly string[][] All =
    [
        [
            "On se retrouve à {0} h devant la gare.", "Let's meet at {0} in front of the station.",
            "Nos vemos a las {0} delante de la estación.", "Treffen wir uns um {0} Uhr vor dem Bahnhof.",
            "Encontramo-nos às {0} em frente à estação.", "我们{0}点在车站前见。", "{0}時に駅の前で会いましょう。", "نلتقي الساعة {0} أمام المحطة.",
        ],
        [
            "Merci, j'ai bien reçu les {0} fichiers.", "Thanks, I received the {0} files.",
            "Gracias, he recibido los {0} archivos.", "Danke, ich habe die {0} Dateien erhalten.",
            "Obrigado, recebi os {0} ficheiros.", "谢谢，我收到了{0}个文件。", "ありがとう、{0}個のファイルを受け取りました。", "شكرًا، لقد استلمت {0} ملفات.",
        ],
        [
            "La réunion est reportée au {0} février.", "The meeting is postponed to February {0}.",
            "La reunión se aplaza al {0} de febrero.", "Die Besprechung wird auf den {0}. Februar verschoben.",
            "A reunião foi adiada para {0} de fevereiro.", "会议推迟到2月{0}日。", "会議は2月{0}日に延期されました。", "تم تأجيل الاجتماع إلى {0} فبراير.",
        ],
        [
            "Il reste {0} places pour le concert, tu viens ?", "There are {0} seats left for the concert, are you coming?",
            "Quedan {0} entradas para el concierto, ¿vienes?", "Es gibt noch {0} Plätze für das Konzert, kommst du?",
            "Restam {0} lugares para o concerto, vens?", "音乐会还剩{0}个座位，你来吗？", "コンサートの席はあと{0}席です。来ますか？", "بقي {0} مقعدًا للحفل، هل ستأتي؟",
        ],
        [
            "Le train a {0} minutes de retard 😕", "The train is {0} minutes late 😕",
            "El tren lleva {0} minutos de retraso 😕", "Der Zug hat {0} Minuten Verspätung 😕",
            "O comboio está {0} minutos atrasado 😕", "火车晚点{0}分钟 😕", "電車は{0}分遅れています 😕", "القطار متأخر {0} دقيقة 😕",
        ],
        [
            "Joyeux anniversaire ! {0} bougies, déjà 🎂", "Happy birthday! {0} candles already 🎂",
            "¡Feliz cumpleaños! Ya son {0} velas 🎂", "Alles Gute zum Geburtstag! Schon {0} Kerzen 🎂",
            "Feliz aniversário! Já são {0} velas 🎂", "生日快乐！已经{0}根蜡烛了 🎂", "お誕生日おめでとう！もう{0}本のろうそく 🎂", "عيد ميلاد سعيد! {0} شمعة بالفعل 🎂",
        ],
    ];

    public static string Of(int n) => Languages[n % Languages.Length];

    public static int IndexOf(string language) => Array.IndexOf(Languages, language);

    public static string Text(int n, string language) => string.Format(CultureInfo.InvariantCulture, All[n * 7 % All.Length][IndexOf(language)], 2 + (n * 3 % 22));
}
