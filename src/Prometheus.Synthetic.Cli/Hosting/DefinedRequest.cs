using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Definitions;
using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Regulatory;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>
/// A request whose definition is a file of the caller's: its content goes into the spec, and what the request leaves
/// open follows from it (category, name and, for hand-written paths, their number and length).
/// </summary>
internal static class DefinedRequest
{
    /// <exception cref="ScenarioRefusedException">The file is not there, wrong, or of another category than asked for.</exception>
    public static GenerateScenarioSet With(GenerateScenarioSet request, FileInfo file)
    {
        Definition definition = DefinitionFile.Read(InputFile.Text("--definition", file.ToString()), file.Name);
        (string category, string key) = definition.Kind switch
        {
            DefinitionKinds.Custom => (ScenarioCategory.Custom, CustomDefinition.DefinitionKey),
            DefinitionKinds.ThreatModel => (ScenarioCategory.FragilityAdversarial, AdversarialSpec.ThreatModelKey),
            _ => (ScenarioCategory.Regulatory, RegulatorySpec.DefinitionKey),
        };
        if (request.Category is { } asked && asked != category)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "category",
                $"{file.Name} defines a {definition.Kind}, which makes sets of category {category}, not {asked}"
            );
        JsonObject spec = Spec(request);
        spec[key] = definition.Embedded();
        CustomDefinition? paths =
            definition.Kind == DefinitionKinds.Custom ? CustomDefinition.Parse(file.Name, definition.Content) : null;
        return request with
        {
            Category = category,
            Name = request.Name ?? definition.Name,
            Description = request.Description ?? definition.Title,
            NumPaths = request.NumPaths ?? paths?.Paths.Count,
            HorizonDays = request.HorizonDays ?? paths?.LastStep,
            GeneratorSpec = JsonSerializer.SerializeToElement(spec),
        };
    }

    private static JsonObject Spec(GenerateScenarioSet request) =>
        request.GeneratorSpec switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => [],
            { ValueKind: JsonValueKind.Object } given => JsonObject.Create(given)!,
            _ => throw new ScenarioRefusedException(ErrorCodes.WrongType, "generator_spec", "is not an object"),
        };
}
