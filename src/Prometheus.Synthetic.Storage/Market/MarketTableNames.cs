using System.Text.RegularExpressions;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// What may be said in <see cref="MarketTables"/>: the names of the layout on the left, SQL identifiers on the right.
/// Fields of errors are the variables' names, whichever way a setting came.
/// </summary>
internal static partial class MarketTableNames
{
    public const string Prefix = MarketTables.Section + "__";

    private static readonly string[] s_tables = [.. MarketLayout.Tables.Select(t => t.Name)];

    private static readonly string[] s_columns =
    [
        .. MarketLayout.Tables.SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c.Name}")),
    ];

    private static readonly string[] s_variables =
    [
        Prefix + nameof(MarketTables.Schema),
        Prefix + nameof(MarketTables.HistorySchema),
        Prefix + nameof(MarketTables.DateColumn),
        .. s_tables.Select(TableField),
        .. s_columns.Select(ColumnField),
    ];

    /// <summary>One error for each given variable under the prefix that is no setting: it would change nothing.</summary>
    public static IEnumerable<FieldError> Unknown(IEnumerable<string> given) =>
        given
            .Where(g => g.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Where(g => !s_variables.Contains(g, StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(g => new FieldError(
                ErrorCodes.UnknownKey,
                g,
                $"is no setting of the market tables; see docs/configuration.md, or unset it{Spelling.Suggest(g, s_variables)}"
            ));

    /// <summary>Everything that is wrong with the settings; empty when nothing is.</summary>
    public static IReadOnlyList<FieldError> Errors(MarketTables settings) =>
        [
            .. Misnamed(settings.Tables.Keys, s_tables, TableField, "table of the market layout"),
            .. Misnamed(
                settings.Columns.Keys,
                s_columns,
                ColumnField,
                "column of the market layout, written table.column"
            ),
            .. Named(settings).Where(n => !Identifier().IsMatch(n.Name)).Select(NoIdentifier),
        ];

    private static IEnumerable<FieldError> Misnamed(
        IEnumerable<string> given,
        IReadOnlyList<string> known,
        Func<string, string> field,
        string what
    ) =>
        given
            .Where(g => !known.Contains(g, StringComparer.OrdinalIgnoreCase))
            .Select(g => new FieldError(
                ErrorCodes.UnknownKey,
                field(g),
                $"'{g}' is no {what}{Spelling.Suggest(g, known)}"
            ));

    /// <summary>Every name in the settings, a qualified one as its parts, with where it stands.</summary>
    private static IEnumerable<(string Field, string Name)> Named(MarketTables settings)
    {
        yield return (Prefix + nameof(MarketTables.Schema), settings.Schema);
        if (settings.HistorySchema is { } history)
            yield return (Prefix + nameof(MarketTables.HistorySchema), history);
        yield return (Prefix + nameof(MarketTables.DateColumn), settings.DateColumn);
        foreach ((string table, string name) in settings.Tables)
        {
            foreach (string part in name.Split('.', 2))
                yield return (TableField(table), part);
        }

        foreach ((string column, string name) in settings.Columns)
            yield return (ColumnField(column), name);
    }

    private static FieldError NoIdentifier((string Field, string Name) given) =>
        new(
            ErrorCodes.WrongType,
            given.Field,
            $"'{given.Name}' is no SQL identifier; give letters, digits, _ and $, at most 63 characters, not a digit first"
        );

    private static string TableField(string table) => $"{Prefix}{nameof(MarketTables.Tables)}__{table}";

    private static string ColumnField(string column) =>
        $"{Prefix}{nameof(MarketTables.Columns)}__{column.Replace(".", "__", StringComparison.Ordinal)}";

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_$]{0,62}\z")]
    private static partial Regex Identifier();
}
