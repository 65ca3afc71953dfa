namespace Eclusier.Planning;

/// <summary>What a statement does to the transaction that a script has opened by itself.</summary>
public enum TransactionControl
{
    /// <summary>BEGIN, START TRANSACTION.</summary>
    Begin,
    /// <summary>COMMIT, END.</summary>
    Commit,
    /// <summary>ROLLBACK, ABORT.</summary>
    Rollback,
    /// <summary>COMMIT AND CHAIN: the next transaction begins at once, like the one before.</summary>
    CommitAndChain,
    /// <summary>ROLLBACK AND CHAIN.</summary>
    RollbackAndChain,
    /// <summary>SAVEPOINT, RELEASE, ROLLBACK TO: they end nothing.</summary>
    Savepoint,
}
