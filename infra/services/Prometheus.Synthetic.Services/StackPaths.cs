namespace Prometheus.Synthetic.Services;

/// <summary>Where a checkout keeps its own state; everything below <see cref="State"/> is ignored by version control.</summary>
/// <param name="Root">The repository's root folder.</param>
public sealed record StackPaths(string Root)
{
    /// <summary>Set by the launcher; without it the folders above the program are searched for the solution.</summary>
    public const string RootVariable = "SYNTHETIC_ROOT";

    private const string Marker = "Prometheus.Synthetic.sln";

    /// <summary>Folder of run-time state: stack description, logs, build log.</summary>
    public string State => Path.Combine(Root, ".synthetic");

    /// <summary>Description of the running stack, with credentials; readable by its owner only.</summary>
    public string StackFile => Path.Combine(State, "stack.json");

    public string ComposeFile => Path.Combine(Root, "docker-compose.yml");

    /// <summary>
    /// The repository that holds this program or, for a program installed elsewhere, the current folder.
    /// </summary>
    public static StackPaths Locate(Func<string, string?> environment)
    {
        if (environment(RootVariable) is { Length: > 0 } given)
            return new(Path.GetFullPath(given));
        return new(
            Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory) ?? Environment.CurrentDirectory
        );
    }

    private static string? Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Marker)))
                return at.FullName;
        }

        return null;
    }
}
