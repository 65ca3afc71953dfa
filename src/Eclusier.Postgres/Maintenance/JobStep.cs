using System.Security.Cryptography;
using System.Text;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>Makes the steps of jobs: SQL of ours, with what it is for.</summary>
internal static class JobStep
{
    /// <param name="name">Unique in its run.</param>
    /// <param name="where">Where the job stands in the runbook.</param>
    /// <param name="script">One statement or more; together one transaction where they permit it.</param>
    public static Step Of(string name, string where, string script, Text description, Risk risk, Text reason)
    {
        var statements = StatementClassifier.Classify(ScriptSplitter.Split(script)).Select(node => node.Statement).ToArray();
        return new Step
        {
            Kind = Step.Job,
            Migration = name,
            Name = "",
            File = where,
            Checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script))),
            Statements = statements,
            Description = description,
            Risk = risk,
            RiskReason = reason,
            Transactional = statements.All(statement => statement.Transactional),
        };
    }
}
