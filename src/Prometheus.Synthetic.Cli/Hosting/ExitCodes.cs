namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>What a shell script may rely on. Documented in the help of the root command.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Anything not named below.</summary>
    public const int Failed = 1;

    /// <summary>The input was refused: wrong option, unknown market, data that cannot serve. Nothing was changed.</summary>
    public const int Refused = 2;

    /// <summary>PostgreSQL or RabbitMQ is not configured, not running or not reachable.</summary>
    public const int ServiceMissing = 3;

    /// <summary>The question was answered with no: the sets do not cover what is needed.</summary>
    public const int NotCovered = 4;

    /// <summary>Ended by Ctrl-C or SIGTERM, as shells count it (128 + SIGINT).</summary>
    public const int Cancelled = 130;
}
