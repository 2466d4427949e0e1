using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>An overlay as it strikes one path: drawn day and size, and its effect on each step.</summary>
internal sealed class Strike
{
    private readonly double[] _effects;
    private readonly int _lasts;

    public Strike(OverlayLayer layer, int day, double size, int horizon)
    {
        Layer = layer;
        FirstStep = Math.Clamp(day, 1, horizon);
        Size = size;
        Overlay overlay = layer.Overlay;
        _lasts = Math.Min(overlay.Duration, horizon - FirstStep + 1);
        int recovers =
            overlay.RecoveryShare > 0.0 ? Math.Min(overlay.RecoveryDays, horizon - FirstStep + 1 - _lasts) : 0;
        LastStep = FirstStep + _lasts + recovers - 1;
        _effects = new double[_lasts + recovers];
        for (int j = 0; j < _lasts; j++)
            _effects[j] = overlay.ScalesMoves ? Scaled(overlay, size, j) : Struck(layer, size, j);
        for (int j = _lasts; j < _effects.Length; j++)
            _effects[j] = layer.OnReturns
                ? StableMath.Pow(GrowthBack(1.0), 1.0 / overlay.RecoveryDays) - 1.0
                : ChangeBackPerDay(1.0);
    }

    public OverlayLayer Layer { get; }

    public int FirstStep { get; }

    public int LastStep { get; }

    public double Size { get; }

    /// <summary>First step on which what was lost or gained comes back; after the last where nothing does.</summary>
    public int FirstStepBack => FirstStep + _lasts;

    /// <summary>Move, factor or blend on a step between the first and the last; in the recovery that of a unit of one.</summary>
    public double EffectAt(int step) => _effects[step - FirstStep];

    /// <summary>
    /// By what a driver that moves by returns has to grow in all for the share of what it lost or gained to come back:
    /// (F + share·(1 − F))/F, F = Π(1 + e·u).
    /// </summary>
    /// <param name="unit">u, its move when the shock's size is 1.</param>
    public double GrowthBack(double unit)
    {
        double product = 1.0;
        for (int j = 0; j < _lasts; j++)
            product *= 1.0 + Math.Max(_effects[j] * unit, ShockOverlayGenerator.LowestReturn);
        return 1.0 + Layer.Overlay.RecoveryShare * (1.0 - product) / product;
    }

    /// <summary>The same for a level, which adds: its change on each day of the recovery.</summary>
    public double ChangeBackPerDay(double unit)
    {
        double sum = 0.0;
        for (int j = 0; j < _lasts; j++)
            sum += _effects[j];
        return -Layer.Overlay.RecoveryShare * sum * unit / Layer.Overlay.RecoveryDays;
    }

    public JsonObject ToJson() =>
        new()
        {
            ["type"] = Layer.Overlay.Type,
            ["name"] = Layer.Overlay.Name,
            ["day"] = FirstStep,
            ["last_day"] = LastStep,
            ["size"] = Size,
        };

    /// <summary>
    /// A drain spreads its size over its days, so that returns compound to it; a shock strikes whole, and again in part
    /// while it decays.
    /// </summary>
    private static double Struck(OverlayLayer layer, double size, int j)
    {
        Overlay overlay = layer.Overlay;
        return overlay.Type != Overlay.LiquidityDrain ? size * Decay(overlay, j)
            : layer.OnReturns ? StableMath.Pow(1.0 + size, 1.0 / overlay.Duration) - 1.0
            : size / overlay.Duration;
    }

    /// <summary>A factor on volatility decays towards 1, a blend of correlation towards 0.</summary>
    private static double Scaled(Overlay overlay, double size, int j)
    {
        double decay = overlay.HalfLife > 0.0 ? Decay(overlay, j) : 1.0;
        return overlay.Type == Overlay.VolSpike ? 1.0 + (size - 1.0) * decay : size * decay;
    }

    private static double Decay(Overlay overlay, int j) =>
        j == 0 ? 1.0
        : overlay.HalfLife > 0.0 ? StableMath.Pow(0.5, j / overlay.HalfLife)
        : overlay.Duration > 1 ? 1.0
        : 0.0;
}
