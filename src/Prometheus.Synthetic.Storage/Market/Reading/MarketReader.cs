using Npgsql;

namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <summary>
/// The SQL of the read side. Every query that touches dated rows takes the last day it may see; nothing here knows a
/// request. All reads of one calibration share a connection in a repeatable-read transaction, so that an ingest
/// running beside it cannot show half of itself.
/// </summary>
internal sealed class MarketReader
{
    public MarketReader(NpgsqlConnection connection, MarketTables tables)
    {
        var query = new MarketQuery(connection, tables);
        Instruments = new InstrumentReader(query);
        Series = new SeriesReader(query);
        Registry = new RegistryReader(query);
        Scores = new ScoreReader(query);
    }

    public InstrumentReader Instruments { get; }

    public SeriesReader Series { get; }

    public RegistryReader Registry { get; }

    public ScoreReader Scores { get; }
}
