namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>Forms of files that sets travel in.</summary>
public enum SetFileFormat
{
    Parquet,

    /// <summary>Arrow IPC file, also called Feather version 2.</summary>
    Arrow,
    Csv,
}

/// <summary>How values lie in a file. Both carry the same content under the same hash.</summary>
public enum SetFileLayout
{
    /// <summary>
    /// One row per (path, driver): <c>scenario_id, instrument_id, factor_id, macro_id, annotation, returns</c>, the shocks
    /// of steps 1..H in a list (in CSV in columns <c>h1</c> … <c>hH</c>).
    /// </summary>
    Arrays,

    /// <summary>
    /// One row per cell, as in scenario_paths: <c>scenario_id, horizon_index, instrument_id, factor_id, macro_id, return,
    /// annotation</c>, step 0 (the baseline) included.
    /// </summary>
    Cells,
}

/// <summary>Column names, the same in every form.</summary>
internal static class SetFileColumns
{
    public const string Path = "scenario_id";
    public const string Step = "horizon_index";
    public const string Instrument = "instrument_id";
    public const string Factor = "factor_id";
    public const string Macro = "macro_id";
    public const string Return = "return";

    /// <summary>The client's name for <see cref="Return"/> on some platforms; read, never written.</summary>
    public const string ReturnAlias = "return_value";
    public const string Returns = "returns";

    /// <summary>JSON of what is to be said of the path beyond its numbers, on the first row of the path.</summary>
    public const string Annotation = "annotation";
}
