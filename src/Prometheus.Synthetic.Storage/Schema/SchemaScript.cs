using System.Reflection;

namespace Prometheus.Synthetic.Storage.Schema;

/// <summary>A numbered, forward-only step of the relational schema, embedded in the assembly.</summary>
/// <param name="Number">Order and identity; never reused.</param>
internal sealed record SchemaScript(int Number, string Name, string Sql)
{
    private const string Prefix = "Prometheus.Synthetic.Storage.Schema.Scripts.";

    /// <summary>All scripts in order.</summary>
    public static IReadOnlyList<SchemaScript> All { get; } = Load();

    /// <summary>Applied at the end of every migration.</summary>
    public static string Grants { get; } = ReadText("Prometheus.Synthetic.Storage.Schema.Grants.sql");

    private static SchemaScript[] Load()
    {
        Assembly assembly = typeof(SchemaScript).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(n =>
                    n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal)
                .Select(Read),
        ];
    }

    private static SchemaScript Read(string resource)
    {
        string file = resource[Prefix.Length..^".sql".Length];
        return new SchemaScript(int.Parse(file[..4]), file, ReadText(resource));
    }

    private static string ReadText(string resource)
    {
        using var reader = new StreamReader(typeof(SchemaScript).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
