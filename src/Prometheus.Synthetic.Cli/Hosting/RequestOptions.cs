using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>The options that describe a request, as <c>generate</c> takes them; the same names as the message's fields.</summary>
public sealed class RequestOptions
{
    private readonly Option<string?> _file = new("--request", "--file")
    {
        Description =
            "JSON file with the whole request (the message GenerateScenarioSet); the other options override it.",
    };
    private readonly Option<string?> _name = new("--name")
    {
        Description = "Name of the lineage, e.g. US_EQ_BASELINE_BOOTSTRAP_30D.",
    };
    private readonly Option<string?> _description = new("--description") { Description = "What the set is for." };
    private readonly Option<string?> _category = new("--category")
    {
        Description = "Scenario category, e.g. BOOTSTRAP.",
    };
    private readonly Option<int?> _horizon = new("--horizon-days") { Description = "Trading days per path, 1 to 60." };
    private readonly Option<int?> _paths = new("--num-paths") { Description = "Number of paths." };
    private readonly Option<string[]> _markets = new("--market")
    {
        Description = "Market id; repeat for several.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _asOf = new("--as-of")
    {
        Description = "Only data up to this day may be used (yyyy-MM-dd).",
    };
    private readonly Option<string?> _start = new("--base-date-start")
    {
        Description = "First day of the calibration window (yyyy-MM-dd).",
    };
    private readonly Option<string?> _end = new("--base-date-end")
    {
        Description = "Last day of the calibration window (yyyy-MM-dd).",
    };
    private readonly Option<string[]> _regimes = new("--regime")
    {
        Description = "Allowed regime label; repeat for several.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _universe = new("--universe-filter") { Description = "Universe filter as JSON." };
    private readonly Option<string?> _spec = new("--generator-spec")
    {
        Description = "Generator spec as JSON, e.g. '{\"scheme\":\"circular\",\"block_length\":10}'.",
    };
    private readonly Option<FileInfo?> _definition = new("--definition")
    {
        Description =
            "Definition file of your own, embedded in the spec: YAML, or for hand-written paths a CSV of shocks.",
    };
    private readonly Option<string[]> _tags = new("--tag")
    {
        Description = "Tag; repeat for several.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> _force = new("--force-new-version")
    {
        Description = "Make another version even if an identical request has a set.",
    };

    public void AddTo(Command command)
    {
        foreach (
            Option option in new Option[]
            {
                _file,
                _name,
                _description,
                _category,
                _horizon,
                _paths,
                _markets,
                _asOf,
                _start,
                _end,
                _regimes,
                _universe,
                _spec,
                _definition,
                _tags,
                _force,
            }
        )
            command.Add(option);
    }

    /// <exception cref="ScenarioRefusedException">A file or an option cannot be read, or the definition is wrong.</exception>
    public GenerateScenarioSet Read(ParseResult parsed)
    {
        GenerateScenarioSet request = parsed.GetValue(_file) is { } file
            ? InputFile.Message<GenerateScenarioSet>("--request", file)
            : new GenerateScenarioSet();
        request = request with
        {
            Name = parsed.GetValue(_name) ?? request.Name,
            Description = parsed.GetValue(_description) ?? request.Description,
            Category = parsed.GetValue(_category) ?? request.Category,
            HorizonDays = parsed.GetValue(_horizon) ?? request.HorizonDays,
            NumPaths = parsed.GetValue(_paths) ?? request.NumPaths,
            Markets = Several(parsed.GetValue(_markets)) ?? request.Markets,
            AsOfDate = CliOptions.Date("as_of_date", parsed.GetValue(_asOf)) ?? request.AsOfDate,
            BaseDateStart = CliOptions.Date("base_date_start", parsed.GetValue(_start)) ?? request.BaseDateStart,
            BaseDateEnd = CliOptions.Date("base_date_end", parsed.GetValue(_end)) ?? request.BaseDateEnd,
            RegimeFilter = Several(parsed.GetValue(_regimes)) ?? request.RegimeFilter,
            UniverseFilter = CliOptions.JsonOf("universe_filter", parsed.GetValue(_universe)) ?? request.UniverseFilter,
            GeneratorSpec = CliOptions.JsonOf("generator_spec", parsed.GetValue(_spec)) ?? request.GeneratorSpec,
            Tags = Several(parsed.GetValue(_tags)) ?? request.Tags,
            ForceNewVersion = parsed.GetValue(_force) ? true : request.ForceNewVersion,
            RequestedBy = request.RequestedBy ?? Environment.UserName,
        };
        return parsed.GetValue(_definition) is { } definition ? DefinedRequest.With(request, definition) : request;
    }

    private static string[]? Several(string[]? values) => values is { Length: > 0 } ? values : null;
}
