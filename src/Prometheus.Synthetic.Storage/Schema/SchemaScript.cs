using System.Reflection;

namespace Prometheus.Synthetic.Storage.Schema;

/// <summary>A numbered, forward-only step of the relational schema, embedded in the assembly.</summary>
/// <param name="Number">Order and identity; never reused.</param>
internal sealed record SchemaScript(int Number, string Name, string Sql)
{
    private const string Prefix = "Prometheus.Synthetic.Storage.Schema.Scripts.";

    /// <summary>All scripts in order.</summary>
    public static IReadOnlyList<SchemaScript> All { get; } = Load();

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
                .Select(n => Read(assembly, n)),
        ];
    }

    private static SchemaScript Read(Assembly assembly, string resource)
    {
        string file = resource[Prefix.Length..^".sql".Length];
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new SchemaScript(int.Parse(file[..4]), file, reader.ReadToEnd());
    }
}
