using System.Globalization;
using System.Text;

namespace Prometheus.Synthetic.Faults.Tests;

/// <param name="Fault">What was done.</param>
/// <param name="Count">How often.</param>
/// <param name="Generations">Sets that were asked for meanwhile.</param>
/// <param name="Outcome">What held afterwards.</param>
public sealed record FaultRow(string Fault, int Count, int Generations, string Outcome, double Seconds);

/// <summary>Prints what the suite did; <c>SYNTHETIC_FAULTS_REPORT</c> names a file to write it to as well.</summary>
internal static class FaultTable
{
    public static void Write(IReadOnlyList<FaultRow> rows)
    {
        if (rows.Count == 0)
            return;
        var text = new StringBuilder();
        text.AppendLine("| fault | times | generations | what held afterwards | s |")
            .AppendLine("|---|---|---|---|---|");
        foreach (FaultRow row in rows)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Fault} | {row.Count} | {row.Generations} | {row.Outcome} | {row.Seconds:F0} |"
            );
        Console.WriteLine(text.ToString());
        if (Environment.GetEnvironmentVariable("SYNTHETIC_FAULTS_REPORT") is { Length: > 0 } file)
            File.WriteAllText(file, FaultReport.Around(text.ToString()));
    }
}

/// <summary>The words around the table in docs/faults.md.</summary>
internal static class FaultReport
{
    public static string Around(string table) =>
        $"""
            # What was broken on purpose, and what held

            Made by

            ```sh
            SYNTHETIC_FAULTS_REPORT=$PWD/docs/faults.md ./synthetic test --project Faults --faults
            ```

            on a PostgreSQL and a RabbitMQ of the suite's own, with real workers as processes, all on {Environment.ProcessorCount} cores. Without
            `--faults` a short form of it runs with all other tests.

            After every row all sets asked for so far are checked: exactly one sealed set per request, content hash recomputed
            from the stored rows and from the generator, no row without a sealed set, no saga that has not ended, every set
            announced at least once and under one message id, all error and skipped queues empty. Why it holds, and what
            earlier runs found, is in [converging handlers](adr/0004-convergence.md).

            {table}
            """;
}
