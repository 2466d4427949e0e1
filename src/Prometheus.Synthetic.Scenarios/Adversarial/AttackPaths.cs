using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>A path in the coordinates of the shock space.</summary>
/// <param name="X">H × d shocks.</param>
/// <param name="Variation">0 for the attack's exact worst case.</param>
/// <param name="Divergence">Relative entropy of an entropic path, summed over its stages.</param>
internal sealed record AttackPath(
    double[] X,
    Attack Attack,
    int Variation,
    IReadOnlyList<BindingBound> Binding,
    double? Divergence
);

/// <summary>
/// The shocks of each path. Path p takes up attack p mod A; the first path of an attack is its exact worst case, later
/// ones turn aside. The shock of a stage is spread evenly over its days (z/√days each), so that the squared distances of
/// all stages and of the noise add up to at most the squared radius.
/// </summary>
internal sealed class AttackPaths
{
    private readonly ShockSpace _space;
    private readonly AttackPlan _plan;
    private readonly AdversarialSpec _spec;
    private readonly GenerationShape _shape;
    private readonly double _radius;
    private readonly PhiloxStream _stream;
    private readonly (double Lower, double Upper)[] _perDay;
    private readonly (double Lower, double Upper)[] _total;

    /// <exception cref="ScenarioRefusedException">What a template fixes cannot be reached within the radius.</exception>
    public AttackPaths(ShockSpace space, AttackPlan plan, AdversarialSpec spec, GenerationShape shape, double radius)
    {
        _space = space;
        _plan = plan;
        _spec = spec;
        _shape = shape;
        _radius = radius;
        _stream = new PhiloxStream(shape.Seed);
        _perDay = [.. space.Drivers.Select(d => DriverLimits.PerDay(spec.ThreatModel!, d))];
        _total = [.. space.Drivers.Select(d => DriverLimits.Total(spec.ThreatModel!, d))];
        RefuseOutOfReach();
    }

    /// <exception cref="ScenarioRefusedException">What the template fixes cannot be reached within the radius.</exception>
    public AttackPath Of(int path)
    {
        int d = _space.Dimension;
        int horizon = _shape.HorizonDays;
        Attack attack = _plan.Attacks[path % _plan.Attacks.Count];
        int variation = path / _plan.Attacks.Count;
        (int First, int Days)[] days = [.. attack.Stages.Select(s => (s.First, s.Days))];
        if (attack.Allocation == AttackTemplate.Gap && variation > 0)
            days[0] = (_stream.Below(horizon, path, 0, DrawPurpose.ShockDay), 1);

        double[] noise = new double[horizon * d];
        bool noisy = variation > 0 && BridgeNoise.Fill(noise, horizon, d, _spec.Noise * _radius, days, _stream, path);
        double signal = noisy ? NoisySignal : _radius;
        double[] x = new double[horizon * d];
        var binding = new List<BindingBound>();
        double divergence = 0.0;
        for (int s = 0; s < days.Length; s++)
        {
            AttackStage stage = attack.Stages[s];
            double[] exposure =
                variation == 0
                    ? stage.Exposure
                    : AttackDirection.Turn(
                        stage.Exposure,
                        _space.Metric.Factor,
                        _spec.MinLossShare,
                        _stream,
                        path,
                        (ushort)s
                    );
            double radius = signal * Math.Sqrt(stage.Share);
            WorstCase worst = Worst(stage.Limits, exposure, radius);
            binding.AddRange(worst.Binding);
            divergence += worst.Divergence ?? 0.0;
            double share = 1.0 / Math.Sqrt(days[s].Days);
            for (int h = days[s].First; h < days[s].First + days[s].Days; h++)
            {
                for (int i = 0; i < d; i++)
                    x[h * d + i] = share * worst.Shock[i];
            }
        }

        if (noisy)
            AddNoise(x, noise);
        return new AttackPath(x, attack, variation, binding, _spec.Entropic ? divergence : null);
    }

    private WorstCase Worst(StageLimits limits, double[] exposure, double radius) =>
        _spec.Entropic
            ? EntropicWorstCase.Solve(_space.Metric, _space.Sample, limits.Bounds, exposure, radius)
            : limits.Solver.Solve(exposure, radius);

    /// <summary>Paths after the first of an attack leave part of the radius to the noise.</summary>
    private double NoisySignal => _radius * Math.Sqrt(1.0 - _spec.Noise * _spec.Noise);

    /// <summary>Whether what templates fix lies within reach depends on radius and bounds alone: known before any path.</summary>
    private void RefuseOutOfReach()
    {
        foreach (AttackStage stage in _plan.Attacks.SelectMany(a => a.Stages).DistinctBy(s => s.Limits))
        {
            if (stage.Limits.FixesAnything)
                Worst(stage.Limits, stage.Exposure, NoisySignal * Math.Sqrt(stage.Share));
        }
    }

    /// <summary>Adds as much of the noise as every driver's bounds allow on every day.</summary>
    private void AddNoise(double[] x, double[] noise)
    {
        int d = _space.Dimension;
        double[] day = new double[d];
        for (int h = 0; h < _shape.HorizonDays; h++)
        {
            _space.Metric.Factor.MultiplyLower(noise.AsSpan(h * d, d), day);
            day.CopyTo(noise.AsSpan(h * d));
        }

        double scale = 1.0;
        double[] shock = new double[d];
        for (int k = 0; k < _space.Drivers.Count; k++)
        {
            double level = 0.0;
            double noisyLevel = 0.0;
            for (int h = 0; h < _shape.HorizonDays; h++)
            {
                x.AsSpan(h * d, d).CopyTo(shock);
                double move = _space.Rows[k].Of(shock);
                noise.AsSpan(h * d, d).CopyTo(shock);
                double moved = _space.Rows[k].Of(shock);
                scale = Math.Min(scale, Room(move, moved, _perDay[k]));
                level += move;
                noisyLevel += moved;
                scale = Math.Min(scale, Room(level, noisyLevel, _total[k]));
            }
        }

        for (int i = 0; i < x.Length; i++)
            x[i] += scale * noise[i];
    }

    /// <summary>The largest share of a change that stays within the limits.</summary>
    private static double Room(double at, double change, (double Lower, double Upper) limits)
    {
        double limit = change < 0.0 ? limits.Lower : limits.Upper;
        return change == 0.0 || double.IsInfinity(limit) ? 1.0 : Math.Clamp((limit - at) / change, 0.0, 1.0);
    }

    /// <summary>Writes the H × K moves of the drivers.</summary>
    public void Move(double[] x, Span<double> moves)
    {
        int d = _space.Dimension;
        int width = _space.Drivers.Count;
        double[] shock = new double[d];
        for (int h = 0; h < _shape.HorizonDays; h++)
        {
            x.AsSpan(h * d, d).CopyTo(shock);
            _space.Move(shock, moves.Slice(h * width, width));
        }
    }
}
