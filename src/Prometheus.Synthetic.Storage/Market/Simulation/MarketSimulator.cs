using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>Makes simulated markets: a pure function of seed, years, end and market, the same on every machine.</summary>
public static class MarketSimulator
{
    /// <summary>Model of regimes, scores and exposures; its row in <c>models</c> says which world the tables hold.</summary>
    public const string FactorModelId = "SIM_FACTORS_V1";
    public const string RegimeModelId = "SIM_REGIMES_V1";
    public const string ScoreModelId = "SIM_SCORES_V1";

    public static IReadOnlyList<string> MarketIds { get; } = ["US_EQ", "EU_EQ", FxMarket.MarketId];

    /// <summary>Factor ids, ordinal order.</summary>
    public static IReadOnlyList<string> FactorIds => FactorPaths.Ids;

    /// <summary>Macro series ids, ordinal order.</summary>
    public static IReadOnlyList<string> MacroIds => MacroPaths.Ids;

    internal static SimulatedMarket Simulate(SimulatedWorld world, string marketId) =>
        marketId switch
        {
            "US_EQ" => new EquityMarket(world, EquityRoster.UnitedStates).Simulate(),
            "EU_EQ" => new EquityMarket(world, EquityRoster.Europe).Simulate(),
            FxMarket.MarketId => new FxMarket(world).Simulate(),
            _ => throw new ArgumentException($"'{marketId}' cannot be simulated.", nameof(marketId)),
        };

    /// <summary>SHA-256 over ids, days, returns and factor values: equal exactly when the simulated data are.</summary>
    public static string Fingerprint(MarketSimulationOptions options)
    {
        options.Validate();
        SimulatedWorld world = SimulatedWorld.Create(options.Seed, options.Years, options.End);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (DateOnly day in world.Days)
            Append(hash, day.DayNumber);
        foreach (double[] factor in world.Factors.Values)
            Append(hash, factor);
        foreach (MacroPath macro in world.Macro)
            Append(hash, macro.Values);
        foreach (string market in options.Markets.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            foreach (SimulatedInstrument i in Simulate(world, market).Instruments)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(i.Master.InstrumentId));
                Append(hash, i.Returns);
                Append(hash, i.Close);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, double[] values)
    {
        foreach (double value in values)
            Append(hash, double.IsNaN(value) ? long.MinValue : BitConverter.DoubleToInt64Bits(value));
    }

    private static void Append(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
