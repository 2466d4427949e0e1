using Prometheus.Synthetic.Services;

namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>Command lines of the programs that the demo starts beside itself.</summary>
internal static class DemoPrograms
{
    public static IReadOnlyList<string> Worker(StackPaths paths) =>
        ["dotnet", Find("Prometheus.Synthetic.Worker", "src/Prometheus.Synthetic.Worker", paths)];

    public static IReadOnlyList<string> RiskConsumer(StackPaths paths) =>
        [
            "dotnet",
            Find(
                "Prometheus.Synthetic.Samples.RiskConsumer",
                "tests/Samples/Prometheus.Synthetic.Samples.RiskConsumer",
                paths
            ),
        ];

    /// <summary>
    /// Beside this program, as after a publish into one folder; else where the launcher built it, or where the checkout of
    /// this program did.
    /// </summary>
    private static string Find(string name, string project, StackPaths paths)
    {
        string built = Path.Combine(project, "bin/Release/net10.0", name + ".dll");
        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, name + ".dll"),
            Path.Combine(paths.Root, built),
            Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..", built)),
        ];
        // Without its runtime configuration a library is no program.
        return places.FirstOrDefault(p => File.Exists(p) && File.Exists(Path.ChangeExtension(p, ".runtimeconfig.json")))
            ?? throw new InvalidOperationException(
                $"{name} is not built: neither {places[0]} nor {places[1]} is there; `./synthetic demo` builds it"
            );
    }
}
