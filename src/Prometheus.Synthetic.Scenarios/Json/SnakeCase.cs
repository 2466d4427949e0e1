using System.Text.Json;

namespace Prometheus.Synthetic.Scenarios.Json;

/// <summary>Names of enumerations as JSON writes them.</summary>
public static class SnakeCase
{
    /// <summary><c>TrendDominated</c> → <c>TREND_DOMINATED</c>.</summary>
    public static string Upper(string pascal) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(pascal);
}
