using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// Paths that hurt the targets within reason. Path p takes up attack p mod A; the first path of an attack is its exact
/// worst case, later ones turn aside. The shock of a stage is spread evenly over its days (z/√days each), so that the
/// squared distances of all stages and of the noise add up to at most the squared radius.
/// </summary>
internal sealed class AdversarialGenerator : IPathGenerator
{
    private readonly ShockSpace _space;
    private readonly AttackPlan _plan;
    private readonly AttackTargets _targets;
    private readonly AdversarialSpec _spec;
    private readonly GenerationShape _shape;
    private readonly double _radius;
    private readonly ThreatModel _model;
    private readonly PhiloxStream _stream;
    private readonly (double Lower, double Upper)[] _perDay;
    private readonly (double Lower, double Upper)[] _total;

    public AdversarialGenerator(
        ShockSpace space,
        AttackPlan plan,
        AttackTargets targets,
        AdversarialSpec spec,
        GenerationShape shape,
        double radius
    )
    {
        _space = space;
        _plan = plan;
        _targets = targets;
        _spec = spec;
        _shape = shape;
        _radius = radius;
        _model = spec.ThreatModel!;
        _stream = new PhiloxStream(shape.Seed);
        _perDay = [.. space.Drivers.Select(d => DriverLimits.PerDay(_model, d))];
        _total = [.. space.Drivers.Select(d => DriverLimits.Total(_model, d))];
        Report = Describe();
    }

    public IReadOnlyList<Driver> Drivers => _space.Drivers;

    public JsonObject Report { get; }

    public void Generate(int firstPath, Span<double> destination)
    {
        int length = _shape.HorizonDays * Drivers.Count;
        for (int path = firstPath; destination.Length >= length; path++)
        {
            Move(Shocks(path).X, destination[..length]);
            destination = destination[length..];
        }
    }

    public PathAnnotation? Describe(int path)
    {
        PathShocks shocks = Shocks(path);
        double[] moves = new double[_shape.HorizonDays * Drivers.Count];
        Move(shocks.X, moves);
        PathPlausibility plausibility = PathPlausibility.Of(_space.Metric, shocks.X);
        Attack attack = shocks.Attack;
        double market = CompoundedLoss(moves, _plan.Market);
        double targets = CompoundedLoss(moves, _targets.Weights);
        var metadata = new JsonObject
        {
            ["defensive_test"] = true,
            ["template"] = attack.Template.Name,
            ["allocation"] = attack.Allocation,
            ["focus"] = attack.Focus,
            ["variation"] = shocks.Variation,
            ["radius"] = _radius,
            ["mahalanobis_distance"] = plausibility.PathDistance,
            ["chi_square_tail"] = PlausibilityLevel.ChiSquareTail(_space.Dimension, plausibility.PathDistance),
            ["one_dimensional_tail"] = PlausibilityLevel.OneDimensionalTail(plausibility.PathDistance),
            ["loss"] = new JsonObject
            {
                ["targets"] = targets,
                ["focus"] = CompoundedLoss(moves, attack.FocusWeights),
                ["market"] = market,
                ["targets_less_market"] = targets - market,
            },
            ["binding_bounds"] = new JsonArray([
                .. shocks.Binding.Select(b => new JsonObject
                {
                    ["driver"] = b.Name,
                    ["side"] = b.Side,
                    ["multiplier"] = b.Multiplier,
                }),
            ]),
            ["plausibility"] = plausibility.ToJson(),
        };
        return new PathAnnotation { Metadata = metadata };
    }

    /// <summary>Losses of a path: targets (by score), the attack's focus, the broad market.</summary>
    internal (double Targets, double Market) Losses(int path)
    {
        double[] moves = new double[_shape.HorizonDays * Drivers.Count];
        Move(Shocks(path).X, moves);
        return (CompoundedLoss(moves, _targets.Weights), CompoundedLoss(moves, _plan.Market));
    }

    private sealed record PathShocks(double[] X, Attack Attack, int Variation, IReadOnlyList<BindingBound> Binding);

    /// <summary>The H × d shocks of a path.</summary>
    private PathShocks Shocks(int path)
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
        double signal = noisy ? _radius * Math.Sqrt(1.0 - _spec.Noise * _spec.Noise) : _radius;
        double[] x = new double[horizon * d];
        var binding = new List<BindingBound>();
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
            WorstCase worst = _spec.Entropic
                ? EntropicWorstCase.Solve(_space.Metric, _space.Sample, stage.Solver, exposure, radius)
                : stage.Solver.Solve(exposure, radius);
            binding.AddRange(worst.Binding);
            double share = 1.0 / Math.Sqrt(days[s].Days);
            for (int h = days[s].First; h < days[s].First + days[s].Days; h++)
            {
                for (int i = 0; i < d; i++)
                    x[h * d + i] = share * worst.Shock[i];
            }
        }

        if (noisy)
            AddNoise(x, noise);
        return new PathShocks(x, attack, variation, binding);
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
        for (int k = 0; k < Drivers.Count; k++)
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

    private void Move(double[] x, Span<double> moves)
    {
        int d = _space.Dimension;
        int width = Drivers.Count;
        double[] shock = new double[d];
        for (int h = 0; h < _shape.HorizonDays; h++)
        {
            x.AsSpan(h * d, d).CopyTo(shock);
            _space.Move(shock, moves.Slice(h * width, width));
        }
    }

    private double CompoundedLoss(ReadOnlySpan<double> moves, double[] weights)
    {
        int width = Drivers.Count;
        double loss = 0.0;
        for (int k = 0; k < width; k++)
        {
            if (weights[k] == 0.0)
                continue;
            double value = 1.0;
            for (int h = 0; h < _shape.HorizonDays; h++)
                value *= 1.0 + moves[h * width + k];
            loss -= weights[k] * (value - 1.0);
        }

        return loss;
    }

    private JsonObject Describe()
    {
        int count = Math.Min(_shape.NumPaths, PlausibilitySummary.MaxPaths);
        double targets = 0.0;
        double market = 0.0;
        int harder = 0;
        for (int path = 0; path < count; path++)
        {
            (double t, double m) = Losses(path);
            targets += t / count;
            market += m / count;
            harder += t > m ? 1 : 0;
        }

        return new JsonObject
        {
            ["defensive_test"] = true,
            ["purpose"] = "defensive test: measures resilience of what is fragile; not a basis for trading",
            ["threat_model"] = new JsonObject { ["name"] = _model.Name, ["version"] = _model.Version },
            ["method"] = _spec.Entropic ? "entropic" : "mahalanobis",
            ["space"] = new JsonObject
            {
                ["kind"] = _space.Kind,
                ["dimension"] = _space.Dimension,
                ["sample_days"] = _space.Metric.Dates.Count,
                ["shrinkage"] = _space.Metric.Covariance.Shrinkage,
            },
            ["radius"] = _radius,
            ["radius_chi_square_level"] = 1.0 - PlausibilityLevel.ChiSquareTail(_space.Dimension, _radius),
            ["radius_one_dimensional_tail"] = PlausibilityLevel.OneDimensionalTail(_radius),
            ["targets"] = _targets.ToJson(Drivers),
            ["attacks"] = _plan.Attacks.Count,
            ["attacks_covered"] = Math.Min(_plan.Attacks.Count, _shape.NumPaths),
            ["templates"] = new JsonArray([
                .. _plan
                    .Attacks.Select(a => a.Template.Name)
                    .Distinct(StringComparer.Ordinal)
                    .Select(n => JsonValue.Create(n)),
            ]),
            ["templates_skipped"] = new JsonObject(
                _plan.Skipped.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)JsonValue.Create(s.Value)))
            ),
            ["loss"] = new JsonObject
            {
                ["paths_assessed"] = count,
                ["mean_targets"] = targets,
                ["mean_market"] = market,
                ["ratio"] = market > 0.0 ? targets / market : null,
                ["paths_where_targets_lose_more"] = harder,
            },
            ["plausibility"] = PlausibilitySummary.Of(
                _shape.NumPaths,
                p => PathPlausibility.Of(_space.Metric, Shocks(p).X)
            ),
            ["notes"] = new JsonArray([.. _space.Notes.Concat(_targets.Notes).Select(n => JsonValue.Create(n))]),
        };
    }
}
