namespace Eclusier.Evidence;

/// <summary>A folder to work in, in which nothing stays.</summary>
internal static class Staging
{
    /// <param name="work">Gets the folder; it is not there before somebody writes into it.</param>
    public static async Task<T> InAsync<T>(string folder, Func<string, Task<T>> work)
    {
        try
        {
            return await work(folder);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
