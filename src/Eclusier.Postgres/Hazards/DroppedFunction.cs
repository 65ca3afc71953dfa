using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A function of a DROP FUNCTION.</summary>
/// <param name="Inputs">The types of its input parameters, as <see cref="FunctionSignature.InputTypes"/> writes them; null when the statement names none.</param>
/// <param name="Position">Of the statement in its migration.</param>
internal sealed record DroppedFunction(TableName Name, string? Inputs, int Position)
{
    public static DroppedFunction Of(TreeNode function, int position) => new(
        TableName.Of(function.Items("objname")),
        function.Flag("args_unspecified") ? null : string.Join(',', function.Items("objargs").Select(FunctionSignature.TypeName)),
        position);
}
