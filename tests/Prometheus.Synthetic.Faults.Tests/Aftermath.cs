using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Replay;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>The check of what must hold after any fault.</summary>
internal sealed class Aftermath(FaultBench bench, SetVerifier verifier, Ears ears)
{
    private readonly HashSet<Guid> _verified = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What must hold after any fault, over everything asked since the bench was built.</summary>
    public async Task<string> CheckAsync(IReadOnlyList<string> asked)
    {
        foreach (string name in asked)
            Assert.Equal(1, await bench.CountAsync($"SELECT count(*) FROM scenario_sets WHERE name = '{name}'"));
        Assert.Equal(
            asked.Count,
            await bench.CountAsync(
                "SELECT count(DISTINCT data ->> 'request_id') FROM synthetic.mt_doc_scenario_set WHERE data ->> 'status' = 'Sealed' AND data ->> 'name' LIKE 'F\\_%'"
            )
        );
        const string open = "SELECT id FROM synthetic.mt_doc_scenario_set WHERE data ->> 'status' = 'Sealed'";
        foreach (string table in new[] { "path_shocks", "path_annotations", "cell_marks", "shards", "set_drivers" })
            Assert.Equal(
                0,
                await bench.CountAsync($"SELECT count(*) FROM synthetic.{table} WHERE scenario_set_id NOT IN ({open})")
            );
        Assert.Equal(0, await bench.CountAsync(Sagas.Open));
        IReadOnlyList<DeadMessage> dead = await new DeadLetterOffice(bench.Services.RabbitMq).BrowseAsync(new(), Ct);
        Assert.True(dead.Count == 0, string.Join('\n', dead.Select(d => $"{d.DeadQueue}: {d.Exception}: {d.Reason}")));
        foreach (QueueDepth queue in await QueueDepths.ReadAsync(bench.Services.RabbitMq, Ct))
            Assert.True(queue.Messages == 0, $"{queue.Queue} holds {queue.Messages} messages");
        int verified = await VerifyAsync();
        await ears.HearAsync(Ct);
        Dictionary<string, HashSet<string>> heard = ears
            .All.Where(h => h.Exchange == ContractNames.Of<ScenarioSetGenerated>().Exchange)
            .GroupBy(h => h.Name)
            .ToDictionary(g => g.Key, g => g.Select(h => h.MessageId).ToHashSet());
        foreach (string name in asked)
            Assert.Single(heard[name]);
        Assert.DoesNotContain(
            ears.All,
            h => h.Exchange == ContractNames.Of<ScenarioSetGenerationFailed>().Exchange && asked.Contains(h.Name)
        );
        return $"{verified} sets: one each, verified, announced under one id; nothing orphaned, stuck or in an error queue";
    }

    private async Task<int> VerifyAsync()
    {
        var ids = new List<Guid>();
        await using (var connection = new NpgsqlConnection(bench.Services.Postgres))
        {
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("SELECT scenario_set_id FROM scenario_sets", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Ct);
            while (await reader.ReadAsync(Ct))
                ids.Add(reader.GetGuid(0));
        }

        // A sealed set never changes: verifying it once is enough.
        foreach (Guid id in ids.Where(_verified.Add))
        {
            VerificationReport report = await verifier.VerifyAsync(id, "faults", null, Ct);
            Assert.Equal(VerificationOutcome.Verified, report.Outcome);
        }

        return ids.Count;
    }
}
