namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>What one file brought.</summary>
public sealed record ImportReport
{
    public required string File { get; init; }

    public required ImportLayout Layout { get; init; }

    public required ImportTarget As { get; init; }

    public required ImportValues Values { get; init; }

    /// <summary>Why these were taken to be so, and how to say otherwise.</summary>
    public required IReadOnlyList<string> Detection { get; init; }

    public required int Series { get; init; }

    public required DateOnly FirstDate { get; init; }

    public required DateOnly LastDate { get; init; }

    /// <summary>Records read, without the header.</summary>
    public required int Lines { get; init; }

    public required long Accepted { get; init; }

    /// <summary>Empty or NA cells: no value, no fault.</summary>
    public required long Missing { get; init; }

    public required RejectSummary Rejected { get; init; }

    /// <summary>Rows inserted or changed, per table. Rows that were there already with the same value are not counted.</summary>
    public required IReadOnlyDictionary<string, long> Written { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <param name="Total">Rejected cells and rows.</param>
/// <param name="ByReason">Count per reason.</param>
/// <param name="First">The first few, in the order met.</param>
public sealed record RejectSummary(long Total, IReadOnlyDictionary<string, long> ByReason, IReadOnlyList<Reject> First);

/// <summary>One cell or row that was not taken.</summary>
/// <param name="Line">1-based record of the file, the header being 1.</param>
/// <param name="Column">Header of the column; empty when the whole row is meant.</param>
/// <param name="Value">What was found, shortened.</param>
public sealed record Reject(string File, int Line, string Column, string Value, string Reason)
{
    public override string ToString() =>
        $"{File}:{Line}{(Column.Length == 0 ? "" : $" [{Column}]")} '{Value}': {Reason}";
}

/// <summary>Progress of an import, for display.</summary>
/// <param name="Stage">"reading" or "storing".</param>
/// <param name="Fraction">0..1 of the stage.</param>
public readonly record struct ImportProgress(string Stage, double Fraction);
