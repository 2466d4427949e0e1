using System.Text.Json.Nodes;
using NJsonSchema;
using NJsonSchema.Validation;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>The files other teams work from, read from the repository itself and never from a copy.</summary>
internal static class ContractFiles
{
    private static readonly Dictionary<string, JsonSchema> Loaded = [];

    public static string Root { get; } = FindRoot();

    public static string Schemas => Path.Combine(Root, "schemas");

    public static string Samples => Path.Combine(Root, "samples");

    public static string Manifest => Path.Combine(Samples, "KEPT.sha256");

    public static IEnumerable<string> SamplesOf(ContractName contract) =>
        Directory.GetFiles(Path.Combine(Samples, contract.Name), "*.json").Order(StringComparer.Ordinal);

    public static JsonObject SchemaNode(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Schemas, file)))!.AsObject();

    public static JsonSchema Schema(ContractName contract)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(contract.SchemaFile, out JsonSchema? schema))
            {
                string path = Path.Combine(Schemas, contract.SchemaFile);
                schema = JsonSchema.FromFileAsync(path).GetAwaiter().GetResult();
                Loaded.Add(contract.SchemaFile, schema);
            }

            return schema;
        }
    }

    /// <summary>Path and kind of every violation, e.g. <c>#/horizon_days NumberTooBig</c>; empty for a valid body.</summary>
    public static IReadOnlyList<string> Violations(ContractName contract, string body) =>
        [.. Schema(contract).Validate(body).SelectMany(WithInner).Select(e => $"{e.Path} {e.Kind}")];

    /// <summary>Where a member may also be null the validator wraps what is wrong inside it.</summary>
    private static IEnumerable<ValidationError> WithInner(ValidationError error) =>
        error switch
        {
            MultiTypeValidationError e => e.Errors.Values.SelectMany(inner => inner).SelectMany(WithInner).Prepend(e),
            ChildSchemaValidationError e => e.Errors.Values.SelectMany(inner => inner).SelectMany(WithInner).Prepend(e),
            _ => [error],
        };

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Prometheus.Synthetic.sln")))
                return Path.Combine(at.FullName, "contracts");
        }

        throw new DirectoryNotFoundException("The tests run inside the repository: they read contracts/ from there.");
    }
}
