namespace Prometheus.Synthetic.TestKit;

/// <summary>
/// Real market data and reference results that stand beside the repository and are no part of it: the folder that
/// <c>SYNTHETIC_SHARED</c> names, else <c>shared</c> beside the repository's root.
/// </summary>
public static class SharedData
{
    public const string Variable = "SYNTHETIC_SHARED";

    /// <summary>Where the folder is expected; it need not exist.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : Path.Combine(Path.GetDirectoryName(Repository.Root) ?? "/", "shared");

    /// <summary>Path of a file, or null when it is not there.</summary>
    /// <param name="relative">E.g. <c>data/us20_prices_1990_2022.csv.gz</c>.</param>
    public static string? FindFile(string relative)
    {
        string file = Path.Combine(Folder, relative);
        return File.Exists(file) ? file : null;
    }

    /// <summary>Path of a file; when it is not there the test skips, or fails with CI=true.</summary>
    public static string RequireFile(string relative)
    {
        string? file = FindFile(relative);
        if (file is null)
            Requirement.Missing($"{relative} is not in {Folder}; {Variable} names the folder that has it.");
        return file;
    }
}
