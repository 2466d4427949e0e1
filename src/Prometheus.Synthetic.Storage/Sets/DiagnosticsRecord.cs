using System.Text.Json;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>The diagnostics of a set as they are stored; exactly one of report and reason is given.</summary>
/// <param name="EngineVersion">Version that computed them.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="Report">snake_case JSON of <c>SetDiagnostics</c>.</param>
/// <param name="NotComputed">Why there is no report.</param>
public sealed record DiagnosticsRecord(string EngineVersion, double Seconds, JsonElement? Report, string? NotComputed);
