namespace Prometheus.Synthetic.TestKit;

/// <summary>The checkout that the running tests were built in.</summary>
public static class Repository
{
    private const string Marker = "Prometheus.Synthetic.sln";

    /// <summary>Its root folder.</summary>
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>A file or folder below the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Marker)))
                return at.FullName;
        }

        throw new InvalidOperationException($"No folder above {folder} holds {Marker}.");
    }
}
