namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// The neighbours' tables as the platform documents them, under their documented ("canonical") names. One place feeds
/// the names that <see cref="MarketTables"/> can override, the DDL of a stand-alone installation and the check of an
/// existing one. <c>{table}</c> and <c>{table.column}</c> in constraints and indexes stand for the names in use.
/// </summary>
internal static class MarketLayout
{
    public static IReadOnlyList<LayoutTable> Tables { get; } =
    [
        new("markets", Historical: false)
        {
            Columns =
            [
                Id("market_id"),
                new("name", "text"),
                new("region", "text", Needed: true),
                new("timezone", "text"),
                Json("calendar_spec"),
                Json("metadata"),
                new("created_at", "timestamptz NOT NULL DEFAULT now()"),
                new("updated_at", "timestamptz NOT NULL DEFAULT now()"),
            ],
            PrimaryKey = ["market_id"],
        },
        new("issuers", Historical: false)
        {
            Columns =
            [
                Id("issuer_id"),
                new(
                    "issuer_type",
                    "text NOT NULL DEFAULT 'COMPANY' CHECK ({issuers.issuer_type} IN ('COMPANY', 'SOVEREIGN', 'SECTOR', 'INDEX', 'OTHER'))",
                    Needed: true
                ),
                new("name", "text"),
                new("country", "text", Needed: true),
                new("sector", "text", Needed: true),
                new("industry", "text", Needed: true),
                Json("metadata"),
                new("created_at", "timestamptz NOT NULL DEFAULT now()"),
                new("updated_at", "timestamptz NOT NULL DEFAULT now()"),
            ],
            PrimaryKey = ["issuer_id"],
        },
        new("instruments", Historical: false)
        {
            Columns =
            [
                Id("instrument_id"),
                new("issuer_id", "text", Needed: true),
                new("market_id", "text NOT NULL", Needed: true),
                new("asset_class", "text NOT NULL CHECK ({instruments.asset_class} <> '')", Needed: true),
                new("symbol", "text", Needed: true),
                new("exchange", "text"),
                new("currency", "text", Needed: true),
                new("multiplier", "double precision"),
                new("maturity_date", "date"),
                new("underlying_instrument_id", "text"),
                new("status", "text NOT NULL DEFAULT 'ACTIVE'"),
                Json("metadata"),
                new("created_at", "timestamptz NOT NULL DEFAULT now()"),
                new("updated_at", "timestamptz NOT NULL DEFAULT now()"),
            ],
            PrimaryKey = ["instrument_id"],
            ForeignKeys = [new("issuer_id", "issuers", "issuer_id"), new("market_id", "markets", "market_id")],
            Indexes = ["({instruments.market_id}, {instruments.asset_class})", "({instruments.issuer_id})"],
        },
        new("models", Historical: false)
        {
            Columns =
            [
                Id("model_id"),
                new("engine_name", "text", Needed: true),
                new("type", "text", Needed: true),
                new("artifact_ref", "text"),
                Json("training_data_spec") with
                {
                    Needed = true,
                },
                Json("metrics"),
                new("created_at", "timestamptz NOT NULL DEFAULT now()", Needed: true),
                new("created_by", "text"),
            ],
            PrimaryKey = ["model_id"],
        },
        new("prices_daily", Historical: true)
        {
            Columns =
            [
                Id("instrument_id"),
                Date("date"),
                Price("open"),
                Price("high"),
                Price("low"),
                Price("close") with
                {
                    Needed = true,
                },
                Price("adjusted_close") with
                {
                    Needed = true,
                },
                Price("volume") with
                {
                    Needed = true,
                },
                new("currency", "text"),
                Json("metadata"),
            ],
            PrimaryKey = ["instrument_id", "date"],
        },
        new("returns_daily", Historical: true)
        {
            Columns =
            [
                Id("instrument_id"),
                Date("date"),
                Return("returns_daily", "ret_1d") with
                {
                    Needed = true,
                },
                Return("returns_daily", "ret_5d"),
                Return("returns_daily", "ret_21d"),
                Json("metadata"),
            ],
            PrimaryKey = ["instrument_id", "date"],
            // "The last day anybody has" must not read the whole history.
            Indexes = ["({returns_daily.date})"],
        },
        new("volatility_daily", Historical: true)
        {
            Columns =
            [
                Id("instrument_id"),
                Date("date"),
                Volatility("vol_21d"),
                Volatility("vol_63d"),
                Json("metadata"),
            ],
            PrimaryKey = ["instrument_id", "date"],
        },
        new("factors_daily", Historical: true)
        {
            Columns =
            [
                Id("factor_id"),
                Date("date"),
                Return("factors_daily", "value") with
                {
                    Needed = true,
                },
                Json("metadata"),
            ],
            PrimaryKey = ["factor_id", "date"],
        },
        new("instrument_factors_daily", Historical: true)
        {
            Columns =
            [
                Id("instrument_id"),
                Date("date"),
                Id("factor_id"),
                new(
                    "exposure",
                    "double precision NOT NULL CHECK ({instrument_factors_daily.exposure} > '-Infinity' AND {instrument_factors_daily.exposure} < 'Infinity')",
                    Needed: true
                ),
            ],
            PrimaryKey = ["instrument_id", "date", "factor_id"],
        },
        new("macro_time_series", Historical: true)
        {
            Columns =
            [
                Id("series_id"),
                Date("date"),
                new(
                    "value",
                    "double precision NOT NULL CHECK ({macro_time_series.value} > '-Infinity' AND {macro_time_series.value} < 'Infinity')",
                    Needed: true
                ),
                Json("metadata") with
                {
                    Needed = true,
                },
            ],
            PrimaryKey = ["series_id", "date"],
        },
        new("regimes", Historical: false)
        {
            Columns =
            [
                Id("region"),
                Date("as_of_date"),
                new("regime_label", "text NOT NULL CHECK ({regimes.regime_label} <> '')", Needed: true),
                Id("model_id"),
                new("embedding_vector_ref", "text"),
                new(
                    "confidence",
                    "double precision CHECK ({regimes.confidence} >= 0 AND {regimes.confidence} <= 1)",
                    Needed: true
                ),
                Json("metadata"),
            ],
            PrimaryKey = ["region", "as_of_date", "model_id"],
            Indexes = ["({regimes.region}, {regimes.model_id}, {regimes.as_of_date})"],
        },
        Scores(
            "stability_vectors",
            new LayoutColumn(
                "stability_score",
                "double precision CHECK ({stability_vectors.stability_score} >= 0 AND {stability_vectors.stability_score} <= 1)"
            ),
            Json("components")
        ),
        Scores(
            "fragility_measures",
            Finite("fragility_measures", "expected_shortfall"),
            Finite("fragility_measures", "worst_case_loss"),
            Json("scenario_losses")
        ),
        Scores(
            "soft_target_classes",
            new LayoutColumn(
                "class",
                "text CHECK ({soft_target_classes.class} IN ('NONE', 'WATCHLIST', 'SOFT_TARGET'))"
            )
        ),
    ];

    public static LayoutTable Table(string name) =>
        Tables.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException($"'{name}' is no table of the market layout.", nameof(name));

    private static LayoutTable Scores(string table, params ReadOnlySpan<LayoutColumn> own) =>
        new(table, Historical: false)
        {
            Columns =
            [
                new(
                    "entity_type",
                    $"text NOT NULL CHECK ({{{table}.entity_type}} IN ('MARKET', 'ISSUER', 'SECTOR', 'FX', 'PORTFOLIO', 'POSITION'))",
                    Needed: true
                ),
                Id("entity_id"),
                Date("as_of_date"),
                .. own,
                Id("model_id"),
                Json("metadata"),
            ],
            PrimaryKey = ["entity_type", "entity_id", "as_of_date", "model_id"],
            Indexes = [$"({{{table}.entity_type}}, {{{table}.as_of_date}})"],
        };

    private static LayoutColumn Id(string name) => new(name, "text NOT NULL CHECK ({self} <> '')", Needed: true);

    private static LayoutColumn Date(string name) => new(name, "date NOT NULL", Needed: true);

    private static LayoutColumn Json(string name) => new(name, "jsonb CHECK (jsonb_typeof({self}) = 'object')");

    // PostgreSQL sorts NaN above infinity, so "< Infinity" keeps NaN out as well.
    private static LayoutColumn Price(string name) =>
        new(name, "double precision CHECK ({self} >= 0 AND {self} < 'Infinity')");

    private static LayoutColumn Return(string table, string name) =>
        new(name, $"double precision CHECK ({{{table}.{name}}} >= -1 AND {{{table}.{name}}} < 'Infinity')");

    private static LayoutColumn Volatility(string name) =>
        new(name, "double precision CHECK ({self} >= 0 AND {self} < 'Infinity')");

    private static LayoutColumn Finite(string table, string name) =>
        new(name, $"double precision CHECK ({{{table}.{name}}} > '-Infinity' AND {{{table}.{name}}} < 'Infinity')");
}

/// <param name="Name">Canonical name.</param>
/// <param name="Historical">Whether the platform keeps it in its historical rather than its runtime schema.</param>
internal sealed record LayoutTable(string Name, bool Historical)
{
    public required IReadOnlyList<LayoutColumn> Columns { get; init; }

    public required IReadOnlyList<string> PrimaryKey { get; init; }

    public IReadOnlyList<LayoutForeignKey> ForeignKeys { get; init; } = [];

    public IReadOnlyList<string> Indexes { get; init; } = [];

    public bool HasColumn(string name) => Columns.Any(c => c.Name == name);
}

/// <param name="Name">Canonical name.</param>
/// <param name="Definition">Type, nullability and checks; <c>{self}</c> stands for the column.</param>
/// <param name="Needed">Whether our reads name the column, so that an existing table must have it.</param>
internal sealed record LayoutColumn(string Name, string Definition, bool Needed = false);

internal sealed record LayoutForeignKey(string Column, string Table, string TableColumn);
