using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>What a file is taken to hold: told by options, else detected. Pure.</summary>
internal sealed record ImportDetection(
    ImportLayout Layout,
    ImportTarget As,
    ImportValues Values,
    int DateColumn,
    int IdColumn,
    IReadOnlyList<(int Index, TidyColumn Meaning)> ValueColumns,
    IReadOnlyList<string> Reasons
)
{
    /// <summary>Records looked at before deciding.</summary>
    public const int SampleSize = 500;

    /// <summary>A table of more columns is wide, whatever its columns are called: LOW and VALUE are tickers too.</summary>
    private const int WidestTidy = 12;

    /// <param name="header">Column names as written.</param>
    /// <param name="sample">The first records.</param>
    /// <exception cref="ScenarioRefusedException">No date column, a column named twice, or options that contradict.</exception>
    public static ImportDetection Decide(
        string file,
        IReadOnlyList<string> header,
        IReadOnlyList<string[]> sample,
        ImportOptions options
    )
    {
        RefuseDuplicates(file, header);
        int date = DateColumnOf(file, header, sample);
        int id = header.Count <= WidestTidy ? IdColumnOf(header, date) : -1;
        (int Index, TidyColumn Meaning)[] values = id < 0 ? [] : TidyColumns(header, date, id);
        ImportLayout layout = values.Length > 0 ? ImportLayout.Tidy : ImportLayout.Wide;
        var reasons = new List<string>
        {
            layout == ImportLayout.Tidy
                ? $"tidy: columns '{header[id]}' and {string.Join(", ", values.Select(v => $"'{header[v.Index]}'"))} beside the date"
                : $"wide: {header.Count - 1} series columns beside the date",
        };
        string[] names =
            layout == ImportLayout.Tidy
                ? [.. sample.Where(r => r.Length > id).Select(r => r[id]).Distinct(StringComparer.Ordinal)]
                : [.. header.Where((_, i) => i != date)];
        ImportTarget target = options.As ?? ImportMeaning.TargetOf(file, header, id, names, reasons);
        if (options.As is not null)
            reasons.Add($"{Word(target)}: as told");
        double[] numbers = Numbers(layout, date, values, sample);
        ImportValues meaning = options.Values ?? ImportMeaning.ValuesOf(file, target, values, numbers, reasons);
        if (options.Values is not null)
            reasons.Add($"{Word(meaning)}: as told");
        RefuseContradiction(file, target, meaning, values);
        RefusePercent(file, meaning, numbers, options);
        return new ImportDetection(layout, target, meaning, date, id, values, reasons);
    }

    public static string Word(ImportTarget target) => target.ToString().ToLowerInvariant();

    public static string Word(ImportValues values) =>
        values == ImportValues.LogReturns ? "log-returns" : values.ToString().ToLowerInvariant();

    private static void RefuseDuplicates(string file, IReadOnlyList<string> header)
    {
        string[] twice =
        [
            .. header
                .GroupBy(h => h.Trim(), StringComparer.OrdinalIgnoreCase)
                .Where(g => g.Count() > 1)
                .Select(g => g.Key),
        ];
        if (twice.Length > 0)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                $"{file}:1",
                $"the header names {string.Join(", ", twice.Select(t => $"'{t}'"))} more than once; rename or remove a column"
            );
    }

    private static int DateColumnOf(string file, IReadOnlyList<string> header, IReadOnlyList<string[]> sample)
    {
        for (int c = 0; c < header.Count; c++)
        {
            if (SeriesNames.IsDate(header[c]))
                return c;
        }

        for (int c = 0; c < header.Count; c++)
        {
            if (sample.Count > 0 && sample.All(r => r.Length > c && CellText.TryDate(r[c], out _)))
                return c;
        }

        throw new ScenarioRefusedException(
            ErrorCodes.Missing,
            $"{file}:1",
            $"no date column: the header is {string.Join(",", header.Take(6))}{(header.Count > 6 ? ",…" : "")}; name one 'date' (dates as yyyy-MM-dd)"
        );
    }

    private static int IdColumnOf(IReadOnlyList<string> header, int date)
    {
        for (int c = 0; c < header.Count; c++)
        {
            if (c != date && SeriesNames.IsId(header[c]))
                return c;
        }

        return -1;
    }

    private static (int, TidyColumn)[] TidyColumns(IReadOnlyList<string> header, int date, int id) =>
        [
            .. header
                .Select((name, index) => (Index: index, Meaning: SeriesNames.Tidy(name)))
                .Where(c => c.Index != date && c.Index != id && c.Meaning is not null)
                .Select(c => (c.Index, c.Meaning!.Value)),
        ];

    private static void RefuseContradiction(
        string file,
        ImportTarget target,
        ImportValues values,
        (int, TidyColumn Meaning)[] columns
    )
    {
        bool wrong = target switch
        {
            ImportTarget.Macro => values != ImportValues.Levels,
            ImportTarget.Factors => values is ImportValues.Levels or ImportValues.Prices,
            _ => values == ImportValues.Levels,
        };
        if (wrong)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                file,
                $"{Word(target)} cannot be given as {Word(values)}: instruments are prices or returns, factors returns, macro series levels; set --as and --values to agree"
            );
        bool hasValue = columns.Length == 0 || columns.Any(c => Carries(c.Meaning, values));
        if (!hasValue)
            throw new ScenarioRefusedException(
                ErrorCodes.Missing,
                $"{file}:1",
                $"no column holds {Word(values)}; name one 'value'"
            );
    }

    /// <summary>Whether a tidy column can be the value of what is imported.</summary>
    public static bool Carries(TidyColumn column, ImportValues values) =>
        column switch
        {
            TidyColumn.Value => true,
            TidyColumn.Close or TidyColumn.AdjustedClose => values is ImportValues.Prices or ImportValues.Levels,
            TidyColumn.Return => values is ImportValues.Returns,
            TidyColumn.LogReturn => values is ImportValues.LogReturns,
            TidyColumn.Level => values is ImportValues.Levels,
            _ => false,
        };

    private static void RefusePercent(string file, ImportValues values, double[] numbers, ImportOptions options)
    {
        if (options.Percent || values is not (ImportValues.Returns or ImportValues.LogReturns) || numbers.Length < 30)
            return;
        double[] sizes = [.. numbers.Select(Math.Abs).Order()];
        double median = sizes[sizes.Length / 2];
        if (median > 0.1)
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                file,
                $"half of the values are larger than {median:0.###} in size, too large for daily returns in decimals; say --percent if they are in percent, or --values prices"
            );
    }

    private static double[] Numbers(
        ImportLayout layout,
        int date,
        (int Index, TidyColumn Meaning)[] values,
        IReadOnlyList<string[]> sample
    )
    {
        var numbers = new List<double>();
        foreach (string[] row in sample)
        {
            for (int c = 0; c < row.Length; c++)
            {
                bool isValue =
                    layout == ImportLayout.Tidy
                        ? values.Any(v => v.Index == c && v.Meaning != TidyColumn.Volume)
                        : c != date;
                if (
                    isValue
                    && double.TryParse(row[c], NumberStyles.Float, CultureInfo.InvariantCulture, out double x)
                    && double.IsFinite(x)
                )
                    numbers.Add(x);
            }
        }

        return [.. numbers];
    }
}
