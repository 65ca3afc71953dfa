using System.Net;
using System.Text;
using System.Text.Json;
using Eclusier.Redaction;
using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Tests;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("postgresql://ann:s3cret@db:5432/app", "postgresql://ann:***@db:5432/app")]
    [InlineData("could not reach postgres://ann:p@ss:w@db/app now", "could not reach postgres://ann:***@db/app now")]
    [InlineData("postgresql://ann:a/b#c?d@db/app", "postgresql://ann:***@db/app")]
    [InlineData("postgresql:/ann:s3cret@db", "postgresql:/ann:***@db")]
    [InlineData("https://ghp_0123@example.com/x", "https://***@example.com/x")]
    [InlineData("Host=db;Password=abc;Username=ann", "Host=db;Password=***;Username=ann")]
    [InlineData("host=db password='a \\' b' dbname=x", "host=db password=*** dbname=x")]
    [InlineData("PGPASSWORD=abc pasword = \"x y\" sslkey=k", "PGPASSWORD=*** pasword = *** sslkey=***")]
    [InlineData("{\"password\": \"abc\", \"host\": \"db\"}", "{\"password\": ***, \"host\": \"db\"}")]
    [InlineData("create role a password 'it''s' login", "create role a password '***' login")]
    [InlineData("alter user a with encrypted password E'a\\'b' valid until 'x'", "alter user a with encrypted password '***' valid until 'x'")]
    [InlineData("alter role a password $q$a$b$q$ login", "alter role a password '***' login")]
    [InlineData("options (user 'ann', password 'abc')", "options (user 'ann', password '***')")]
    [InlineData("syntax error at or near \"password 'abc\"", "syntax error at or near \"password '***'")]
    [InlineData("format('create role %I password %L', 'ann', 'geheim') || x", "format('create role %I password %L', '***') || x")]
    [InlineData("'select format(''alter role a password %1$L valid until %L'', $1, ''geheim'')'", "'select format(''alter role a password %1$L valid until %L'', '***')'")]
    [InlineData("Authorization: Bearer abc.def-1", "Authorization: Bearer ***")]
    [InlineData("https://example.com/a@b", "https://example.com/a@b")]
    [InlineData("https://example.com:8443/a@b", "https://example.com:8443/a@b")]
    [InlineData("order by password_changed_at; primary key; a token", "order by password_changed_at; primary key; a token")]
    public void Passwords_are_removed_by_their_place(string text, string expected) =>
        Assert.Equal(expected, Secrets.Redact(text));

    [Fact]
    public void A_password_that_entered_in_a_url_is_removed_wherever_it_turns_up()
    {
        var url = new DatabaseUrl("postgresql://ann:Tr0ub%20dor@db/app");

        Assert.Equal("postgresql://ann@db/app", url.ToString());
        Assert.Equal("role: ***, again ***", Secrets.Redact("role: Tr0ub dor, again Tr0ub%20dor"));
        Assert.Equal("role: *** and ***", new Text("role: Tr0ub dor and Tr0ub+dor", "").En);
    }

    /// <summary>Whoever searches for the password in any of these finds nothing, and the text around it stays.</summary>
    [Fact]
    public void A_secret_is_found_in_every_encoding()
    {
        const string Secret = "Zq7\"\\'&<é_ü/9 #";
        Secrets.Remember(Secret, "ann");
        var forms = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["as it is"] = Secret,
            ["JSON"] = JsonSerializer.Serialize(Secret).Trim('"'),
            ["JSON, relaxed"] = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Secret),
            ["JSON of Python and PostgreSQL"] = "Zq7\\\"\\\\'&<\\u00e9_\\u00fc/9 #",
            ["HTML"] = WebUtility.HtmlEncode(Secret),
            ["HTML, named"] = "Zq7&quot;\\&apos;&amp;&lt;é_ü/9 #",
            ["percent"] = Uri.EscapeDataString(Secret),
            ["percent, lower case"] = "Zq7%22%5c%27%26%3c%c3%a9_%c3%bc%2f9%20%23",
            ["form"] = WebUtility.UrlEncode(Secret),
            ["SQL"] = Secret.Replace("'", "''", StringComparison.Ordinal),
            ["SQL with E"] = Secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal),
            ["shell"] = Secret.Replace("'", "'\\''", StringComparison.Ordinal),
            ["Markdown"] = "Zq7\"\\\\'\\&\\<é\\_ü/9 \\#",
            ["base64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
            ["Basic"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Secret}")),
            ["bytea"] = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Secret)),
        };

        Assert.All(forms, form => Assert.Equal("(before) *** (after)", Secrets.Redact($"(before) {form.Value} (after)")));
    }

    /// <summary>Local Supabase gives everybody <c>postgres:postgres@…/postgres</c>.</summary>
    [Fact]
    public void A_password_that_is_a_name_or_a_word_changes_no_name_and_no_sentence()
    {
        _ = new DatabaseUrl("postgresql://sunup:sunup@127.0.0.1/sunup_db");
        _ = new DatabaseUrl("postgresql://ann:wardrobe@db/app");

        Assert.Equal("user sunup, database sunup_db", Secrets.Redact("user sunup, database sunup_db"));
        Assert.Equal("table wardrobe", new Text("table wardrobe", "").En);
        // Where others speak, it may be the password: as a word, not as a piece of one.
        Assert.Equal("near \"***\" of wardrobes", Secrets.Redact("near \"wardrobe\" of wardrobes"));
    }

    [Theory]
    [InlineData("postgresql://ann:Kx9/Wy7q2@db/app")]
    [InlineData("postgresql://ann:12/Kx9Wy7q2@db")]
    [InlineData("postgresql:/ann:Kx9Wy7q2@db")]
    [InlineData("postgres//ann:Kx9Wy7q2@db")]
    [InlineData("ann:Kx9Wy7q2@db/app")]
    [InlineData("host=db password='a Kx9Wy7q2'")]
    [InlineData("\"postgresql://ann:Kx9Wy7q2@db\"")]
    public void Of_an_address_with_a_fault_nothing_is_shown(string address) => Assert.Equal("***", new DatabaseUrl(address).ToString());

    /// <summary>Every pattern that is not bounded gave up on one of these, and a long error ended as a fault of ours.</summary>
    [Fact]
    [Trait("Takes", "long")]
    public void Long_texts_are_searched_in_one_pass()
    {
        const int Length = 2_000_000;
        Secrets.Remember("aaaaaaaa");
        foreach (var piece in new[] { "a", "a:", "://", "a://b:", "password=", "password='", "password '", "$q$", "bearer ", "https://" })
        {
            var text = string.Concat(Enumerable.Repeat(piece, Length / piece.Length));
            Assert.True(Secrets.Redact(text).Length > 0);
        }
    }

    [Fact]
    public void Nothing_that_a_terminal_would_obey_is_left_in_a_sentence() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), given =>
    {
        var text = new Text(given ?? "", "\e[31mrouge\u202e\u200b\u0085").En;
        return text.All(character => character is '\n' or '\t' || !(char.IsControl(character) || character is >= '\u202a' and <= '\u202e' or >= '\ufdd0' and <= '\ufdef'));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a\e[2Jb", @"a\u001b[2Jb")]
    [InlineData("a\u202eb\u200bc\u0085d\rf", @"a\u202eb\u200bc\u0085d\u000df")]
    [InlineData("\U000e0041", @"\udb40\udc41")]
    [InlineData("é 日本 🙂\tx\ny", "é 日本 🙂\tx\ny")]
    public void What_cannot_be_seen_is_written_as_JSON_writes_it(string text, string expected)
    {
        Assert.Equal(expected, Visible.Of(text));
        Assert.Equal(expected.Replace("\n", "\\n", StringComparison.Ordinal).Replace('\t', ' '), Visible.Line(text));
    }
}
