namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>What the series of a file are and what its numbers mean, where nobody has said so. Pure.</summary>
internal static class ImportMeaning
{
    public static ImportTarget TargetOf(
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

    public static ImportValues ValuesOf(
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
            reasons.Add($"{ImportDetection.Word(values)}: {reason} {How}");
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
}
