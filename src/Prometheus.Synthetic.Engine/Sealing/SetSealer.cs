using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Engine.Sealing;

/// <summary>
/// Diagnoses a complete set and seals it. Diagnostics are computed before the seal's transaction, from the set's own
/// snapshot and spec; if they cannot be, the seal goes on and the record says why.
/// </summary>
public sealed class SetSealer(ScenarioSetStore sets, SnapshotStore snapshots, CalibratedGenerators generators)
{
    /// <summary>snake_case names, enumerations in upper case, NaN and infinity as null.</summary>
    public static JsonSerializerOptions ReportJson { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper), new FiniteNumberConverter() },
        };

    /// <summary>A sealed or evicted set is returned as it is.</summary>
    /// <exception cref="InvalidOperationException">The set is unknown, ended, or not complete.</exception>
    public async Task<ScenarioSetDocument> SealAsync(Guid scenarioSetId, CancellationToken ct)
    {
        ScenarioSetDocument? set = await sets.FindAsync(scenarioSetId, ct);
        DiagnosticsRecord? diagnostics = set is { Status: ScenarioSetStatus.Generating }
            ? await DiagnoseAsync(set, ct)
            : null;
        return await sets.SealAsync(scenarioSetId, ct, diagnostics);
    }

    /// <summary>Diagnoses a set from its record, whatever its state.</summary>
    public async Task<DiagnosticsRecord> DiagnoseAsync(ScenarioSetDocument set, CancellationToken ct)
    {
        long started = Stopwatch.GetTimestamp();
        JsonElement? report = null;
        string? reason = null;
        try
        {
            CalibrationSnapshot snapshot = await snapshots.LoadAsync(set.SnapshotHash, ct);
            IPathGenerator generator = await generators.ForAsync(set, ct);
            SetDiagnostics diagnostics = SetDiagnostics.Of(
                snapshot,
                generator,
                new GenerationShape(set.NumPaths, set.HorizonDays, set.Seed),
                CommonSpec.Read(set.GeneratorSpec, []).SeverityChecks,
                ct
            );
            report = JsonSerializer.SerializeToElement(diagnostics, ReportJson);
        }
        // Whatever a family or a figure stumbles over: the paths are whole, and the seal must not be lost for what is
        // said about them. A lost database is another matter; the seal is then tried again.
        catch (Exception e) when (e is not (OperationCanceledException or DbException or OutOfMemoryException))
        {
            reason = $"{e.GetType().Name}: {e.Message.Replace('\0', ' ')}";
        }

        return new DiagnosticsRecord(
            EngineVersion.Product,
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            report,
            reason
        );
    }

    /// <summary>JSON has no NaN: a figure that is not defined is null.</summary>
    private sealed class FiniteNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
