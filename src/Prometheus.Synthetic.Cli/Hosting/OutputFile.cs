using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>A file that an option names for a result: looked at before the work that ends in it.</summary>
internal static class OutputFile
{
    /// <param name="option">The option that names it.</param>
    /// <param name="path">Null: none was asked for.</param>
    /// <exception cref="ScenarioRefusedException">It is a folder, or its folder is not there.</exception>
    public static void Require(string option, string? path)
    {
        if (path is null)
            return;
        if (string.IsNullOrWhiteSpace(path))
            throw Refused("is empty; name a file");
        if (Directory.Exists(path))
            throw Refused($"'{path}' is a folder; name a file");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? string.Empty;
        if (!Directory.Exists(folder))
            throw Refused($"the folder of '{path}' is not there; make it, or name another");

        ScenarioRefusedException Refused(string message) => new(ErrorCodes.NotFound, option, message);
    }
}
