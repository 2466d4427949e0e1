using System.CommandLine;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>migrate</c>: brings the database to this version's schema.</summary>
public static class MigrateCommand
{
    public static Command Create(CliContext cli)
    {
        var command = new Command(
            "migrate",
            "Create or update the schema: the sets' own tables, the contract relations, and the market tables where they "
                + "are absent. Safe to repeat and to run twice at once."
        );
        command.SetAction((_, ct) => RunAsync(cli, ct));
        return command.WithExamples("./synthetic migrate");
    }

    private static async Task<int> RunAsync(CliContext cli, CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        await MarketSchema.EnsureAsync(engine.Get<NpgsqlDataSource>(), engine.Get<MarketTables>(), ct);
        IReadOnlyList<string> applied = await engine.Get<SchemaMigrator>().MigrateAsync(ct);
        foreach (string script in applied)
            cli.Console.WriteLine($"applied {script}");
        cli.Console.WriteLine($"The schema is at version {SchemaMigrator.NewestVersion}.");
        return ExitCodes.Ok;
    }
}
