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
        ImportTarget target = options.As ?? TargetOf(file, header, id, names, reasons);
        if (options.As is not null)
            reasons.Add($"{Word(target)}: as told");
        double[] numbers = Numbers(layout, date, values, sample);
        ImportValues meaning = options.Values ?? ValuesOf(file, target, values, numbers, reasons);
        if (options.Values is not null)
            reasons.Add($"{Word(meaning)}: as told");
        RefuseContradiction(file, target, meaning, values);
        RefusePercent(file, meaning, numbers, options);
        return new ImportDetection(layout, target, meaning, date, id, values, reasons);
    }

    public static string Word(ImportTarget target) => target.ToString().ToLowerInvariant();

    public static string Word(ImportValues values) =>
        values == ImportValues.LogReturns ? "log-returns" : values.ToString().ToLowerInvariant();

    /// <summary>A date in ISO form, alone or before a time of day.</summary>
    public static bool TryDate(ReadOnlySpan<char> text, out DateOnly date)
    {
        text = text.Trim();
        if (text.Length > 10 && text[10] is ' ' or 'T')
            text = text[..10];
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            || DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    /// <summary>A cell that says "no value".</summary>
    public static bool IsMissing(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.Length == 0
            || text is "." or "-"
            || text.Equals("NA", StringComparison.OrdinalIgnoreCase)
            || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
            || text.Equals("#N/A", StringComparison.OrdinalIgnoreCase)
            || text.Equals("NaN", StringComparison.OrdinalIgnoreCase)
            || text.Equals("null", StringComparison.OrdinalIgnoreCase)
            || text.Equals("none", StringComparison.OrdinalIgnoreCase);
    }

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
            if (sample.Count > 0 && sample.All(r => r.Length > c && TryDate(r[c], out _)))
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

    private static ImportTarget TargetOf(
        string file,
        IReadOnlyList<string> header,
        int id,
        string[] names,
        List<string> reasons
    )
    {
        string idName = id < 0 ? string.Empty : header[id];
        int factors = names.Count(SeriesNames.IsFactor);
        int macros = names.Count(SeriesNames.IsMacro);
        const string How = "(--as instruments|factors|macro says otherwise)";
        if (
            idName.StartsWith("factor", StringComparison.OrdinalIgnoreCase)
            || (factors >= 2 && 2 * factors > names.Length)
        )
        {
            reasons.Add($"factors: {factors} of {names.Length} names are known factors {How}");
            return ImportTarget.Factors;
        }

        if (
            idName.StartsWith("macro", StringComparison.OrdinalIgnoreCase)
            || (macros >= 1 && 2 * macros > names.Length)
            || (macros >= 1 && Hint(file, "macro", "fred"))
        )
        {
            reasons.Add($"macro: {macros} of {names.Length} names are known macro series {How}");
            return ImportTarget.Macro;
        }

        reasons.Add($"instruments: the names are no known factors or macro series {How}");
        return ImportTarget.Instruments;
    }

    private static ImportValues ValuesOf(
        string file,
        ImportTarget target,
        (int, TidyColumn Meaning)[] columns,
        double[] numbers,
        List<string> reasons
    )
    {
        const string How = "(--values prices|returns|log-returns|levels says otherwise)";
        if (target == ImportTarget.Macro)
            return Because(ImportValues.Levels, "macro series are levels");
        foreach ((int _, TidyColumn meaning) in columns)
        {
            switch (meaning)
            {
                case TidyColumn.LogReturn:
                    return Because(ImportValues.LogReturns, "the column says so");
                case TidyColumn.Return:
                    return Because(ImportValues.Returns, "the column says so");
                case TidyColumn.Close or TidyColumn.AdjustedClose:
                    return Because(ImportValues.Prices, "the column says so");
            }
        }

        bool negative = numbers.Any(x => x < 0);
        bool belowMinusOne = numbers.Any(x => x <= -1);
        if (Hint(file, "logret", "log_ret", "log-ret"))
            return Because(ImportValues.LogReturns, "the file name says so");
        if (target == ImportTarget.Factors)
            return Because(ImportValues.Returns, "factor values are returns");
        if (!negative && Hint(file, "price", "close", "px"))
            return Because(ImportValues.Prices, "the file name says so and no value is negative");
        if (belowMinusOne)
            return Because(ImportValues.LogReturns, "values at or below -1 are no simple returns");
        if (negative)
            return Because(
                ImportValues.Returns,
                "there are negative values; simple returns are assumed, name log returns if they are"
            );
        return Because(ImportValues.Prices, "no value is negative");

        ImportValues Because(ImportValues values, string reason)
        {
            reasons.Add($"{Word(values)}: {reason} {How}");
            return values;
        }
    }

    private static bool Hint(string file, params ReadOnlySpan<string> words)
    {
        string name = Path.GetFileName(file);
        foreach (string word in words)
        {
            if (name.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

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
