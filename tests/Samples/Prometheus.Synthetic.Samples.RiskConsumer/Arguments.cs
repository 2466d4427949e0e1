namespace Prometheus.Synthetic.Samples.RiskConsumer;

/// <summary>What the command line says.</summary>
public sealed record Arguments
{
    public const string Usage = """
        Reacts to ScenarioSetGenerated with the risk of a portfolio: P&L distribution, VaR and ES at 95 %.

        Usage: risk-consumer [options]
          --set-id ID        report on this set and stop; needs no broker
          --once             stop after the first set that matches
          --market ID        react to sets that cover this market only
          --category NAME    react to sets of this category only
          --horizon-days N   react to sets of this horizon only
          --portfolio FILE   CSV of instrument_id,weight; without it all instruments of the set, equally weighted
          --json             one JSON document a line
          --queue NAME       durable queue to read from (not with --once), default risk-consumer

        Example:
          dotnet run --project tests/Samples/Prometheus.Synthetic.Samples.RiskConsumer -- --once --market US_EQ

        SYNTHETIC_POSTGRES holds an Npgsql connection string, SYNTHETIC_RABBITMQ an AMQP URI.
        """;

    public Guid? SetId { get; init; }

    public bool Once { get; init; }

    public string? Market { get; init; }

    public string? Category { get; init; }

    public string? HorizonDays { get; init; }

    public string? Portfolio { get; init; }

    public bool Json { get; init; }

    public string Queue { get; init; } = "risk-consumer";

    /// <exception cref="ArgumentException">An option is unknown, lacks its value, or its value is of a wrong form.</exception>
    public static Arguments Parse(IReadOnlyList<string> words)
    {
        var arguments = new Arguments();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            string Value() =>
                ++i < words.Count ? words[i] : throw new ArgumentException($"{word} needs a value; see --help");
            arguments = word switch
            {
                "--once" => arguments with { Once = true },
                "--json" => arguments with { Json = true },
                "--market" => arguments with { Market = Value() },
                "--category" => arguments with { Category = Value() },
                "--horizon-days" => arguments with { HorizonDays = Value() },
                "--portfolio" => arguments with { Portfolio = Value() },
                "--queue" => arguments with { Queue = Value() },
                "--set-id" => arguments with { SetId = Id(Value()) },
                _ => throw new ArgumentException($"{word} is not an option; see --help"),
            };
        }

        return arguments;
    }

    private static Guid Id(string text) =>
        Guid.TryParse(text, out Guid id)
            ? id
            : throw new ArgumentException($"--set-id: '{text}' is not an id of the form 7b0e4a52-93c1-…");
}
