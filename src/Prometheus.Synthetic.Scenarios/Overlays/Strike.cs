using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>An overlay as it strikes one path: drawn day and size, and its effect on each step.</summary>
internal sealed class Strike
{
    private readonly double[] _effects;

    public Strike(OverlayLayer layer, int day, double size, int horizon)
    {
        Layer = layer;
        FirstStep = Math.Clamp(day, 1, horizon);
        Size = size;
        Overlay overlay = layer.Overlay;
        int lasts = Math.Min(overlay.Duration, horizon - FirstStep + 1);
        int recovers =
            overlay.RecoveryShare > 0.0 ? Math.Min(overlay.RecoveryDays, horizon - FirstStep + 1 - lasts) : 0;
        LastStep = FirstStep + lasts + recovers - 1;
        _effects = new double[lasts + recovers];
        double compounded = 0.0;
        for (int j = 0; j < lasts; j++)
        {
            _effects[j] = overlay.ScalesMoves ? Scaled(overlay, size, j) : size * Weight(overlay, j, lasts);
            compounded += _effects[j];
        }

        // What moved by x in all comes back by −share·x, the same every day of the recovery.
        for (int j = lasts; j < _effects.Length; j++)
            _effects[j] = -overlay.RecoveryShare * compounded / overlay.RecoveryDays;
    }

    public OverlayLayer Layer { get; }

    public int FirstStep { get; }

    public int LastStep { get; }

    public double Size { get; }

    /// <summary>Move, factor or blend on a step between the first and the last.</summary>
    public double EffectAt(int step) => _effects[step - FirstStep];

    public JsonObject ToJson() =>
        new()
        {
            ["type"] = Layer.Overlay.Type,
            ["name"] = Layer.Overlay.Name,
            ["day"] = FirstStep,
            ["last_day"] = LastStep,
            ["size"] = Size,
        };

    /// <summary>A drain spreads its size over its days; a shock strikes whole, and again in part while it decays.</summary>
    private static double Weight(Overlay overlay, int j, int lasts) =>
        overlay.Type == Overlay.LiquidityDrain ? 1.0 / overlay.Duration : Decay(overlay, j);

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
