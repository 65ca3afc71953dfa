namespace Eclusier.Values;

/// <summary>Paths that a file from elsewhere names.</summary>
public static class RelativePath
{
    /// <summary>Plain names between slashes: no root, no way up, nothing that another system would take for one.</summary>
    public static bool StaysInside(string path) =>
        path.Length > 0 && !path.Any(char.IsControl) && path.IndexOfAny(['\\', ':']) < 0 && !Path.IsPathRooted(path)
        && path.Split('/').All(part => part is not ("" or "." or ".."));
}
