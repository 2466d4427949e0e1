using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Sylvan.Data.Csv;

namespace Prometheus.Synthetic.Engine.Definitions;

/// <summary>
/// Hand-written paths as a table, one shock a line, turned into the content of a custom definition. Columns
/// <c>path, id, step, value</c> and, where needed, <c>kind, unit, probability</c>; lines <c># key: value</c> before them
/// give <c>name, version, title, source, notes, propagate</c>. What a line does not say is as in YAML.
/// </summary>
internal static class ShockTable
{
    private static readonly string[] s_required = ["path", "id", "step", "value"];
    private static readonly string[] s_columns = [.. s_required, "kind", "unit", "probability"];
    private static readonly string[] s_facts = ["name", "version", "title", "source", "notes", "propagate"];

    /// <param name="file">Name of the file, for errors; its stem names a definition that names itself nowhere.</param>
    /// <exception cref="ScenarioRefusedException">Every line that is wrong, at once.</exception>
    public static JsonElement Read(string text, string file)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(text))
            throw new ScenarioRefusedException(
                ErrorCodes.Missing,
                file,
                $"is empty; the first line names the columns {string.Join(", ", s_required)}"
            );
        string[] lines = text.Split('\n');
        int comments = lines.TakeWhile(l => l.StartsWith('#') || string.IsNullOrWhiteSpace(l)).Count();
        JsonObject content = Facts(lines.AsSpan(0, comments), file, errors);
        content["paths"] = Paths(ReadRows(string.Join('\n', lines[comments..]), file, comments, errors), errors);
        return errors.Count == 0
            ? JsonSerializer.SerializeToElement(content)
            : throw new ScenarioRefusedException(errors);
    }

    private sealed record Row(
        string Place,
        string Path,
        string Id,
        string? Kind,
        string? Unit,
        int Step,
        double Value,
        double? Probability
    );

    private static JsonObject Facts(ReadOnlySpan<string> lines, string file, List<FieldError> errors)
    {
        var content = new JsonObject
        {
            ["kind"] = DefinitionKinds.Custom,
            ["name"] = Path.GetFileNameWithoutExtension(file).ToUpperInvariant(),
        };
        for (int i = 0; i < lines.Length; i++)
        {
            string[] parts = lines[i].TrimStart('#').Trim().Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2)
                continue;
            if (s_facts.Contains(parts[0], StringComparer.Ordinal))
                content[parts[0]] = YamlJson.Scalar(parts[1]);
            else
                errors.Add(
                    new FieldError(
                        ErrorCodes.UnknownKey,
                        $"{file} line {i + 1}",
                        $"'{parts[0]}' says nothing about a definition; known: {string.Join(", ", s_facts)}"
                    )
                );
        }

        return content;
    }

    private static List<Row> ReadRows(string text, string file, int comments, List<FieldError> errors)
    {
        var rows = new List<Row>();
        using var csv = CsvDataReader.Create(new StringReader(text));
        string[] names = [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetName(i).Trim())];
        foreach (string missing in s_required.Except(names, StringComparer.Ordinal))
            errors.Add(
                new FieldError(
                    ErrorCodes.Missing,
                    $"{file}.{missing}",
                    $"there is no such column; a table of shocks has {string.Join(", ", s_required)} and may have kind, unit, probability"
                )
            );
        foreach (string unknown in names.Except(s_columns, StringComparer.Ordinal))
            errors.Add(
                new FieldError(
                    ErrorCodes.UnknownKey,
                    $"{file}.{unknown}",
                    $"is no column of a table of shocks; known: {string.Join(", ", s_columns)}"
                )
            );
        if (errors.Count > 0)
            return rows;
        while (csv.Read())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{file} line {comments + csv.RowNumber + 1}");
            string? Text(string column) =>
                Array.IndexOf(names, column) is >= 0 and var at
                && at < csv.RowFieldCount
                && csv.GetString(at).Trim() is { Length: > 0 } given
                    ? given
                    : null;
            int before = errors.Count;
            int? step = Whole(Text("step"), place, errors);
            double? value = Number("value", Text("value"), place, errors);
            string? chance = Text("probability");
            double? probability = chance is null ? null : Number("probability", chance, place, errors);
            foreach (string column in new[] { "path", "id" }.Where(c => Text(c) is null))
                errors.Add(new FieldError(ErrorCodes.Missing, place, $"{column} is empty"));
            if (errors.Count == before)
                rows.Add(
                    new Row(
                        place,
                        Text("path")!,
                        Text("id")!,
                        Text("kind"),
                        Text("unit"),
                        step!.Value,
                        value!.Value,
                        probability
                    )
                );
        }

        return rows;
    }

    private static JsonArray Paths(List<Row> rows, List<FieldError> errors)
    {
        var paths = new JsonArray();
        foreach (IGrouping<string, Row> path in rows.GroupBy(r => r.Path, StringComparer.Ordinal))
        {
            double?[] chances = [.. path.Select(r => r.Probability).Where(p => p is not null).Distinct()];
            if (chances.Length > 1)
                errors.Add(
                    new FieldError(
                        ErrorCodes.Conflict,
                        path.First(r => r.Probability == chances[1]).Place,
                        $"path {path.Key} has the probabilities {string.Join(" and ", chances)}; give one"
                    )
                );
            var shocks = new JsonArray();
            foreach (var series in path.GroupBy(r => (r.Kind, r.Id, r.Unit)))
                AddSeries(shocks, [.. series.OrderBy(r => r.Step)], errors);
            var one = new JsonObject { ["name"] = path.Key, ["shocks"] = shocks };
            if (chances.Length > 0)
                one["probability"] = chances[0];
            paths.Add((JsonNode)one);
        }

        return paths;
    }

    /// <summary>Consecutive steps of a driver are one shock of several values.</summary>
    private static void AddSeries(JsonArray shocks, Row[] rows, List<FieldError> errors)
    {
        JsonArray? values = null;
        for (int i = 0; i < rows.Length; i++)
        {
            Row row = rows[i];
            if (i > 0 && row.Step == rows[i - 1].Step)
            {
                errors.Add(
                    new FieldError(
                        ErrorCodes.Conflict,
                        row.Place,
                        $"{row.Id} on step {row.Step} of path {row.Path} is given already at {rows[i - 1].Place}; keep one"
                    )
                );
                continue;
            }

            if (values is null || row.Step != rows[i - 1].Step + 1)
            {
                values = [];
                var shock = new JsonObject
                {
                    ["ids"] = new JsonArray(row.Id),
                    ["unit"] = row.Unit ?? Driver.SimpleReturn,
                    ["first_step"] = row.Step,
                    ["values"] = values,
                };
                if (row.Kind is not null)
                    shock["kind"] = row.Kind;
                shocks.Add((JsonNode)shock);
            }

            values.Add(row.Value);
        }
    }

    private static int? Whole(string? text, string place, List<FieldError> errors)
    {
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int step)
            && step is >= 1 and <= GenerationShape.MaxHorizonDays
        )
            return step;
        errors.Add(
            new FieldError(
                ErrorCodes.OutOfRange,
                place,
                $"step '{text}' is no step; write a whole number from 1 to {GenerationShape.MaxHorizonDays}"
            )
        );
        return null;
    }

    private static double? Number(string column, string? text, string place, List<FieldError> errors)
    {
        if (
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
        )
            return number;
        errors.Add(
            new FieldError(
                ErrorCodes.WrongType,
                place,
                $"{column} '{text}' is no number; write decimals with a point, -0.15 for -15 %"
            )
        );
        return null;
    }
}
