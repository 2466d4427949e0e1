using System.Globalization;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Analysis;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Writes which margins and which copula fit, for people, at most 100 columns.</summary>
public static class FitPrinter
{
    public static void Print(CliConsole console, FitAnalysis fit)
    {
        var table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumns("p of the fit", "normal", "student_t", "gpd, losses", "gpd, gains");
        foreach (IGrouping<string, JsonObject> series in fit.Margins.GroupBy(m => (string)m["series"]!))
            table.AddRow(
                Markup.Escape(series.Key),
                Value(series, "normal", "whole"),
                Value(series, "student_t", "whole"),
                Value(series, "gpd", "lower_tail"),
                Value(series, "gpd", "upper_tail")
            );
        console.Out.Write(table);
        foreach (JsonObject copula in fit.Copulas)
            console.WriteWrapped(
                $"{(string)copula["family"]!} copula: ",
                copula["reason"] is { } reason
                    ? $"not tested: {reason}"
                    : $"p {Number(copula["joint_bootstrap"]?["p_value"])} of joint tails, p {Number(copula["distance_bootstrap"]?["p_value"])} of the distance, {copula["verdict"]}"
            );
        foreach (JsonObject margin in fit.Margins.Where(m => m["reason"] is not null))
            console.WriteWrapped("not fitted: ", (string)margin["reason"]!);
        console.WriteWrapped(
            string.Empty,
            $"p by {fit.Replicates} replicates of independent days: where volatility clusters it leans low; compare the columns"
        );
    }

    private static string Value(IEnumerable<JsonObject> tests, string kind, string part) =>
        tests.FirstOrDefault(t => (string?)t["kind"] == kind && (string?)t["part"] == part) is { } test
            ? Number(test["p_value"])
            : "-";

    private static string Number(JsonNode? p) =>
        p is null ? "-" : ((double)p).ToString("0.000", CultureInfo.InvariantCulture);
}
