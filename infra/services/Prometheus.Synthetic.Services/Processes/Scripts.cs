namespace Prometheus.Synthetic.Services.Processes;

/// <summary>The shell scripts embedded in this library; they run as <c>sh -c</c>, so nothing has to be installed.</summary>
internal static class Scripts
{
    public static string Launch { get; } = Read("launch.sh");

    public static string Guard { get; } = Read("guard.sh");

    public static string Lifeline { get; } = Read("lifeline.sh");

    private static string Read(string name)
    {
        using Stream stream =
            typeof(Scripts).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
