using System.Text.RegularExpressions;
using Prometheus.Synthetic.Scenarios.Json;

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
    /// <c>MarketTables__Columns__returns_daily__ret_1d</c>. For tools that build no configuration.
    /// </summary>
    /// <exception cref="ArgumentException">A name is no SQL identifier.</exception>
    public static MarketTables FromVariables(Func<string, string?> read)
    {
        var tables = new MarketTables();
        tables.Schema = Read("Schema") ?? tables.Schema;
        tables.HistorySchema = Read("HistorySchema");
        tables.DateColumn = Read("DateColumn") ?? tables.DateColumn;
        foreach (LayoutTable table in MarketLayout.Tables)
        {
            if (Read($"Tables__{table.Name}") is { } name)
                tables.Tables[table.Name] = name;
            foreach (LayoutColumn column in table.Columns)
            {
                if (Read($"Columns__{table.Name}__{column.Name}") is { } own)
                    tables.Columns[$"{table.Name}.{column.Name}"] = own;
            }
        }

        tables.Validate();
        return tables;

        string? Read(string key) => read($"{Section}__{key}") is { Length: > 0 } value ? value : null;
    }

    /// <summary>Checks every configured name.</summary>
    /// <exception cref="ArgumentException">An unknown canonical name, or a name that is no SQL identifier.</exception>
    public void Validate()
    {
        foreach (string table in Tables.Keys)
        {
            if (!MarketLayout.Tables.Any(t => Same(t.Name, table)))
                throw new ArgumentException(
                    $"{Section}:Tables:{table} is no table of the market layout{Spelling.Suggest(table, MarketLayout.Tables.Select(t => t.Name))}"
                );
        }

        string[] known = [.. MarketLayout.Tables.SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c.Name}"))];
        foreach (string column in Columns.Keys)
        {
            if (!known.Any(k => Same(k, column)))
                throw new ArgumentException(
                    $"{Section}:Columns:{column} is no column of the market layout; write table.column{Spelling.Suggest(column, known)}"
                );
        }

        foreach (LayoutTable table in MarketLayout.Tables)
        {
            _ = Qualified(table.Name);
            foreach (LayoutColumn column in table.Columns)
                _ = Column(table.Name, column.Name);
        }
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

    /// <summary>Schema and name in use of a canonical table, checked.</summary>
    internal (string Schema, string Name) Parts(string table)
    {
        LayoutTable layout = MarketLayout.Table(table);
        string schema = layout.Historical ? HistorySchema ?? Schema : Schema;
        string name = Tables.GetValueOrDefault(table, table);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0)
            (schema, name) = (name[..dot], name[(dot + 1)..]);
        return (Checked(schema), Checked(name));
    }

    /// <summary>Quoted column name.</summary>
    internal string Column(string table, string column) => Quote(ColumnName(table, column));

    internal string ColumnName(string table, string column)
    {
        if (!MarketLayout.Table(table).HasColumn(column))
            throw new ArgumentException($"'{table}.{column}' is no column of the market layout.", nameof(column));
        string fallback = column == "date" ? DateColumn : column;
        return Checked(Columns.GetValueOrDefault($"{table}.{column}", fallback));
    }

    private static string Quote(string identifier) => $"\"{identifier}\"";

    private static string Checked(string identifier) =>
        Identifier().IsMatch(identifier)
            ? identifier
            : throw new ArgumentException(
                $"{Section}: '{identifier}' is no SQL identifier (letters, digits, _ and $, at most 63 characters, no leading digit)."
            );

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_$]{0,62}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\{(?<table>[a-z_]+)(\.(?<column>[a-z_0-9]+))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
