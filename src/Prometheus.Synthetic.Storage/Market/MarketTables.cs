using System.Text.RegularExpressions;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// Where the neighbours' tables are and what their columns are called. The defaults are the platform's documented
/// names in schema <c>public</c>; a platform that calls things otherwise says so in configuration, e.g.
/// <code>"MarketTables": { "HistorySchema": "historical", "DateColumn": "trade_date",
///   "Tables": { "soft_target_classes": "soft_targets" }, "Columns": { "returns_daily.ret_1d": "return_1d" } }</code>
/// Every name is checked to be an identifier and is quoted, so that configuration cannot carry SQL.
/// </summary>
public sealed partial class MarketTables
{
    /// <summary>The configuration section these options are bound from.</summary>
    public const string Section = "MarketTables";

    /// <summary>Schema of the tables that no other setting places.</summary>
    public string Schema { get; set; } = "public";

    /// <summary>Schema of the <c>*_daily</c> and macro tables; <see cref="Schema"/> when null.</summary>
    public string? HistorySchema { get; set; }

    /// <summary>Name of the date column of the <c>*_daily</c> and macro tables: <c>date</c>, or <c>trade_date</c>.</summary>
    public string DateColumn { get; set; } = "date";

    /// <summary>Canonical table name → name in use, optionally <c>schema.table</c>.</summary>
    public Dictionary<string, string> Tables { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Canonical <c>table.column</c> → column name in use.</summary>
    public Dictionary<string, string> Columns { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads the settings from variables named as .NET configuration names them: <c>MarketTables__Schema</c>,
    /// <c>MarketTables__HistorySchema</c>, <c>MarketTables__DateColumn</c>, <c>MarketTables__Tables__prices_daily</c>,
    /// <c>MarketTables__Columns__returns_daily__ret_1d</c>. An empty variable is as one that is not set.
    /// </summary>
    /// <param name="given">Names of all variables there are: one under the prefix that is no setting is an error, for it is misspelt.</param>
    /// <returns>The settings, and everything that is wrong with them, by the variables' names.</returns>
    public static (MarketTables Tables, IReadOnlyList<FieldError> Errors) Read(
        Func<string, string?> read,
        IEnumerable<string> given
    )
    {
        var tables = new MarketTables();
        tables.Schema = Text("Schema") ?? tables.Schema;
        tables.HistorySchema = Text("HistorySchema");
        tables.DateColumn = Text("DateColumn") ?? tables.DateColumn;
        foreach (LayoutTable table in MarketLayout.Tables)
        {
            if (Text($"Tables__{table.Name}") is { } name)
                tables.Tables[table.Name] = name;
            foreach (LayoutColumn column in table.Columns)
            {
                if (Text($"Columns__{table.Name}__{column.Name}") is { } own)
                    tables.Columns[$"{table.Name}.{column.Name}"] = own;
            }
        }

        return (tables, [.. MarketTableNames.Unknown(given), .. MarketTableNames.Errors(tables)]);

        string? Text(string key) => read(MarketTableNames.Prefix + key) is { Length: > 0 } value ? value : null;
    }

    /// <inheritdoc cref="Read"/>
    /// <exception cref="ScenarioRefusedException">Everything that is wrong with the settings.</exception>
    public static MarketTables FromVariables(Func<string, string?> read, IEnumerable<string> given)
    {
        (MarketTables tables, IReadOnlyList<FieldError> errors) = Read(read, given);
        return errors.Count == 0 ? tables : throw new ScenarioRefusedException(errors);
    }

    /// <summary>Checks every configured name.</summary>
    /// <exception cref="ScenarioRefusedException">Every table or column that the layout does not have, and every name that is no SQL identifier.</exception>
    public void Validate()
    {
        if (MarketTableNames.Errors(this) is { Count: > 0 } errors)
            throw new ScenarioRefusedException(errors);
    }

    /// <summary>Replaces <c>{table}</c> and <c>{table.column}</c> by the quoted names in use.</summary>
    internal string Sql(string template) =>
        Placeholder()
            .Replace(
                template,
                m =>
                    m.Groups["column"].Success
                        ? Column(m.Groups["table"].Value, m.Groups["column"].Value)
                        : Qualified(m.Groups["table"].Value)
            );

    /// <summary>Quoted <c>"schema"."table"</c>.</summary>
    internal string Qualified(string table)
    {
        (string schema, string name) = Parts(table);
        return $"{Quote(schema)}.{Quote(name)}";
    }

    /// <summary>Schema and name in use of a canonical table.</summary>
    internal (string Schema, string Name) Parts(string table)
    {
        LayoutTable layout = MarketLayout.Table(table);
        string schema = layout.Historical ? HistorySchema ?? Schema : Schema;
        string name = Tables.GetValueOrDefault(table, table);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0)
            (schema, name) = (name[..dot], name[(dot + 1)..]);
        return (schema, name);
    }

    /// <summary>Quoted column name.</summary>
    internal string Column(string table, string column) => Quote(ColumnName(table, column));

    internal string ColumnName(string table, string column)
    {
        if (!MarketLayout.Table(table).HasColumn(column))
            throw new ArgumentException($"'{table}.{column}' is no column of the market layout.", nameof(column));
        string fallback = column == "date" ? DateColumn : column;
        return Columns.GetValueOrDefault($"{table}.{column}", fallback);
    }

    /// <summary>Doubles quotes as SQL does, so that a name that was never validated is a strange name and no SQL.</summary>
    private static string Quote(string identifier) =>
        $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"\{(?<table>[a-z_]+)(\.(?<column>[a-z_0-9]+))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
