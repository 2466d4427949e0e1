namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>Counts rejects by reason, keeps the first few, and writes all of them to a CSV when one is wanted.</summary>
internal sealed class RejectLog(string file, TextWriter? all)
{
    public const int Kept = 20;
    private readonly SortedDictionary<string, long> _byReason = new(StringComparer.Ordinal);
    private readonly List<Reject> _first = [];
    private bool _headed;

    public long Total { get; private set; }

    public void Add(int line, string column, ReadOnlySpan<char> value, string reason)
    {
        Total++;
        _byReason[reason] = _byReason.GetValueOrDefault(reason) + 1;
        if (_first.Count >= Kept && all is null)
            return;
        string shown = value.Length <= 40 ? value.ToString() : $"{value[..37]}...";
        var reject = new Reject(file, line, column, shown, reason);
        if (_first.Count < Kept)
            _first.Add(reject);
        if (all is null)
            return;
        if (!_headed)
            all.WriteLine("file,line,column,value,reason");
        _headed = true;
        all.WriteLine($"{Quoted(file)},{line},{Quoted(column)},{Quoted(shown)},{Quoted(reason)}");
    }

    public RejectSummary Summary() => new(Total, _byReason, _first);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
