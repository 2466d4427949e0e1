namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>What the database says of sagas.</summary>
internal static class Sagas
{
    /// <summary>How many have not ended.</summary>
    public const string Open = """
        SELECT count(*) FROM (SELECT data FROM synthetic.mt_doc_scenario_set_generation_saga
          UNION ALL SELECT data FROM synthetic.mt_doc_monthly_refresh_saga
          UNION ALL SELECT data FROM synthetic.mt_doc_fragility_refresh_saga) s
        WHERE data ->> 'current_state' IN ('Planning', 'Generating', 'Sealing', 'Running')
        """;
}
