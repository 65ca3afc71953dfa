using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Tests;

/// <summary>A document with every BSON type, and what goes wrong most easily.</summary>
internal static class EveryType
{
    public const string Json = """
        { "_id" : { "$oid" : "5f1e2d3c4b5a69788796a5b4" },
          "double" : { "$numberDouble" : "0.1" }, "whole double" : { "$numberDouble" : "1.0" }, "negative zero" : { "$numberDouble" : "-0.0" },
          "nan" : { "$numberDouble" : "NaN" }, "infinity" : { "$numberDouble" : "-Infinity" },
          "string" : "héron \u0000 🦆 \"", "empty string" : "",
          "document" : { "z" : { "$numberInt" : "1" }, "a" : { "b" : { } } },
          "array" : [ { "$numberInt" : "1" }, [ ], { "x" : null } ],
          "binary" : { "$binary" : { "base64" : "AAEC/w==", "subType" : "00" } }, "uuid" : { "$binary" : { "base64" : "c//SZESzTGmQ6OfR38A11A==", "subType" : "04" } },
          "user binary" : { "$binary" : { "base64" : "", "subType" : "80" } },
          "undefined" : { "$undefined" : true }, "true" : true, "false" : false,
          "date" : { "$date" : { "$numberLong" : "1700000000123" } }, "before 1970" : { "$date" : { "$numberLong" : "-1" } },
          "first date" : { "$date" : { "$numberLong" : "-9223372036854775808" } },
          "null" : null, "regex" : { "$regularExpression" : { "pattern" : "^a/b\\.c", "options" : "im" } },
          "pointer" : { "$dbPointer" : { "$ref" : "db.c", "$id" : { "$oid" : "5f1e2d3c4b5a69788796a5b4" } } },
          "code" : { "$code" : "function() { return 1; }" }, "symbol" : { "$symbol" : "s" },
          "code with scope" : { "$code" : "x", "$scope" : { "x" : { "$numberInt" : "1" } } },
          "int32" : { "$numberInt" : "-2147483648" }, "timestamp" : { "$timestamp" : { "t" : 1700000000, "i" : 4294967295 } },
          "int64" : { "$numberLong" : "1" }, "big int64" : { "$numberLong" : "9223372036854775807" },
          "decimal" : { "$numberDecimal" : "1.10" }, "small decimal" : { "$numberDecimal" : "-1E-6176" }, "decimal nan" : { "$numberDecimal" : "NaN" },
          "min" : { "$minKey" : 1 }, "max" : { "$maxKey" : 1 },
          "dotted.name" : { "$numberInt" : "1" }, "$dollar" : { "$numberInt" : "2" }, "" : { "$numberInt" : "3" }, "accentué" : { "$numberInt" : "4" } }
        """;

    public static BsonDocument Document { get; } = BsonDocument.FromJson(Json);
}
