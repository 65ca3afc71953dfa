namespace Eclusier.Postgres.Catalog;

/// <summary>
/// Definitions are printed with an empty search path, or they would depend on who asks. It is set for a batch's transaction, and put
/// back in case that transaction is the caller's. Compiling such a query takes many times longer than running it.
/// </summary>
internal static class EmptySearchPath
{
    public const string Set = """
        select pg_catalog.set_config('eclusier.search_path', pg_catalog.current_setting('search_path'), true), pg_catalog.set_config('search_path', 'pg_catalog', true),
          pg_catalog.set_config('eclusier.jit', pg_catalog.current_setting('jit'), true), pg_catalog.set_config('jit', 'off', true)
        """;

    public const string PutBack = """
        select pg_catalog.set_config('search_path', pg_catalog.current_setting('eclusier.search_path'), true),
          pg_catalog.set_config('jit', pg_catalog.current_setting('eclusier.jit'), true)
        """;
}
