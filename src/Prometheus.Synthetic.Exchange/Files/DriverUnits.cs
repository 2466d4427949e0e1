using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>The drivers with their units: from the header, else returns by convention and macro series by what is said.</summary>
internal static class DriverUnits
{
    /// <exception cref="ScenarioRefusedException">A macro series has no unit, or a unit is of no series of the file.</exception>
    public static Driver[] Of(
        IReadOnlyList<(DriverKind Kind, string Id)> found,
        SetFileHeader? header,
        IReadOnlyDictionary<string, string> macroUnits
    )
    {
        var known = (header?.Drivers ?? []).Select(d => d.ToDriver()).ToDictionary(d => (d.Kind, d.Id));
        var errors = new List<FieldError>();
        var drivers = new List<Driver>();
        foreach ((DriverKind kind, string id) in found)
        {
            if (known.TryGetValue((kind, id), out Driver? driver))
                drivers.Add(driver);
            else if (kind != DriverKind.Macro)
                drivers.Add(new Driver(kind, id, Driver.SimpleReturn));
            else if (macroUnits.TryGetValue(id, out string? unit))
                drivers.Add(new Driver(kind, id, unit));
            else
                errors.Add(
                    new(
                        ErrorCodes.Missing,
                        "macro_units",
                        $"macro series '{id}' has no unit; say in what unit its level changes are, e.g. --macro-unit {id}=percent"
                    )
                );
        }

        foreach (string id in macroUnits.Keys.Where(u => !found.Contains((DriverKind.Macro, u))))
            errors.Add(
                new(
                    ErrorCodes.UnknownValue,
                    "macro_units",
                    $"'{id}' is no macro series of the file{Spelling.Suggest(id, found.Select(d => d.Id))}"
                )
            );
        return errors.Count == 0 ? [.. drivers] : throw new ScenarioRefusedException(errors);
    }

    /// <summary>The drivers as far as messages name them, for a file that will be refused.</summary>
    public static Driver[] Unchecked(IReadOnlyList<(DriverKind Kind, string Id)> found) =>
        [.. found.Select(d => new Driver(d.Kind, d.Id, Driver.SimpleReturn))];
}
