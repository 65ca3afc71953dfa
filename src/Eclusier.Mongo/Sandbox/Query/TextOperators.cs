using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Work on strings.</summary>
internal static class TextOperators
{
    public static IReadOnlyDictionary<string, Func<BsonValue, Expression>> All { get; } = new Dictionary<string, Func<BsonValue, Expression>>(StringComparer.Ordinal)
    {
        ["$concat"] = Concat,
        ["$toLower"] = operands => OfText("$toLower", operands, text => text.ToLowerInvariant()),
        ["$toUpper"] = operands => OfText("$toUpper", operands, text => text.ToUpperInvariant()),
        ["$strLenCP"] = operands => OfText("$strLenCP", operands, text => text.EnumerateRunes().Count()),
        ["$strLenBytes"] = operands => OfText("$strLenBytes", operands, text => System.Text.Encoding.UTF8.GetByteCount(text)),
        ["$split"] = Split,
        ["$replaceOne"] = operands => Replace(operands, once: true),
        ["$replaceAll"] = operands => Replace(operands, once: false),
        ["$substrCP"] = Substring,
        ["$trim"] = Trim,
    };

    private static Expression Concat(BsonValue operands)
    {
        var all = Expressions.Operands(operands);
        return variables =>
        {
            var parts = all.ConvertAll(operand => operand(variables));
            return parts.Exists(part => part.IsNullish) ? BsonValue.Null : string.Concat(parts.Select(part => Text("$concat", part)));
        };
    }

    /// <summary>Nothing counts as an empty text.</summary>
    private static Expression OfText(string name, BsonValue operands, Func<string, BsonValue> change)
    {
        var one = Expressions.Operands(name, operands, 1)[0];
        return variables => change(one(variables) is { IsNullish: false } value ? Text(name, value) : "");
    }

    private static Expression Split(BsonValue operands)
    {
        var both = Expressions.Operands("$split", operands, 2);
        return variables => both[0](variables) is { IsNullish: false } text
            ? BsonValue.Array(Text("$split", text).Split(Text("$split", both[1](variables))).Select(part => (BsonValue)part))
            : BsonValue.Null;
    }

    private static Expression Replace(BsonValue operands, bool once)
    {
        var (input, find, replacement) = (Expressions.Required(operands, "input"), Expressions.Required(operands, "find"), Expressions.Required(operands, "replacement"));
        return variables =>
        {
            var (text, old, with) = (input(variables), find(variables), replacement(variables));
            if (text.IsNullish || old.IsNullish || with.IsNullish)
                return BsonValue.Null;
            return Replaced(Text("$replace", text), Text("$replace", old), Text("$replace", with), once);
        };
    }

    private static string Replaced(string text, string old, string with, bool once)
    {
        if (!once)
            return text.Replace(old, with, StringComparison.Ordinal);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return at < 0 ? text : $"{text[..at]}{with}{text[(at + old.Length)..]}";
    }

    private static Expression Substring(BsonValue operands)
    {
        var three = Expressions.Operands("$substrCP", operands, 3);
        return variables =>
        {
            var text = three[0](variables) is { IsNullish: false } value ? Text("$substrCP", value) : "";
            var runes = text.EnumerateRunes().Skip((int)three[1](variables).ToInt64()).Take((int)three[2](variables).ToInt64());
            return string.Concat(runes);
        };
    }

    private static Expression Trim(BsonValue operands)
    {
        var (input, chars) = (Expressions.Required(operands, "input"), Expressions.Argument(operands, "chars"));
        return variables => input(variables) is { IsNullish: false } value
            ? Text("$trim", value).Trim(chars is null ? null : Text("$trim", chars(variables)).ToCharArray())
            : BsonValue.Null;
    }

    private static string Text(string name, BsonValue value) => value.Type switch
    {
        BsonType.String or BsonType.Symbol => value.AsString,
        _ => throw CommandError.TypeMismatch($"{name} only supports strings, not {TypeNames.Of(value.Type)}"),
    };
}
