using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>Consecutive days of a path on which one objective is pursued.</summary>
/// <param name="First">First step, counted from 0.</param>
/// <param name="Exposure">e in the shock space.</param>
/// <param name="Share">Share of the squared radius, so that the whole path lies on the surface.</param>
internal sealed record AttackStage(int First, int Days, double[] Exposure, double Share, StageLimits Limits);

/// <summary>What holds a stage's total shock: the bounds, and the solver that respects them.</summary>
internal sealed record StageLimits(IReadOnlyList<ShockBound> Bounds, WorstCaseSolver Solver)
{
    public bool FixesAnything { get; } = Bounds.Any(b => b.IsFixed);
}

/// <summary>One way of attacking: template, whom, and over which days.</summary>
internal sealed record Attack(
    AttackTemplate Template,
    string Allocation,
    string Focus,
    double[] FocusWeights,
    IReadOnlyList<AttackStage> Stages
);

/// <summary>
/// The different attacks of a set, in the order in which paths take them up: each template on all targets, then on each
/// target alone, first as a gap and then as a grind.
/// </summary>
internal sealed class AttackPlan
{
    private const string Everyone = "all targets";
    private const int MaxStages = 5;

    private readonly ShockSpace _space;
    private readonly ShockPanel _panel;
    private readonly AttackTargets _targets;
    private readonly ThreatModel _model;
    private readonly AttackObjective _objective;
    private readonly SortedDictionary<string, string> _skipped = new(StringComparer.Ordinal);
    private readonly List<Attack> _attacks = [];
    private readonly Dictionary<(string Template, int Days, int Stages), StageLimits> _limits = [];

    public AttackPlan(
        ShockPanel panel,
        ShockSpace space,
        AttackTargets targets,
        ThreatModel model,
        AdversarialSpec spec,
        int horizon
    )
    {
        _panel = panel;
        _space = space;
        _targets = targets;
        _model = model;
        _objective = new AttackObjective(panel);
        AttackTemplate[] templates =
        [
            .. model.Templates.Where(t =>
                spec.Templates.Count == 0 || spec.Templates.Contains(t.Name, StringComparer.Ordinal)
            ),
        ];
        RefuseZeroExposure();
        List<(string Name, double[] Weights)> focuses = [(Everyone, targets.Weights)];
        if (targets.Targets.Count > 1)
            focuses.AddRange(targets.Targets.Select(t => (t.Name, t.Weights)));
        foreach (string allocation in (string[])[AttackTemplate.Gap, AttackTemplate.Grind])
        {
            foreach ((string name, double[] weights) in focuses)
            {
                foreach (AttackTemplate template in templates)
                    Add(template, allocation, name, weights, horizon);
            }
        }

        if (_attacks.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NoTargets,
                "generator_spec.templates",
                $"no template can be carried out: {string.Join("; ", _skipped.Select(s => $"{s.Key}: {s.Value}"))}"
            );
    }

    public IReadOnlyList<Attack> Attacks => _attacks;

    public double[] Market => _objective.Market;

    /// <summary>Template → why the panel cannot carry it.</summary>
    public IReadOnlyDictionary<string, string> Skipped => _skipped;

    private void RefuseZeroExposure()
    {
        if (Array.TrueForAll(_space.Exposure(_targets.Weights), e => e == 0.0))
            throw new ScenarioRefusedException(
                ErrorCodes.ZeroExposure,
                "generator_spec.targets",
                $"{string.Join(", ", _targets.Targets.Select(t => t.Name))} have no exposure to any driver of the {_space.Kind} space: no shock hurts them; choose other targets, factors or dates"
            );
    }

    private void Add(AttackTemplate template, string allocation, string focus, double[] weights, int horizon)
    {
        if (template.Kind == AttackTemplate.ContagionCascade)
        {
            if (focus == Everyone && allocation == AttackTemplate.Grind)
                AddCascade(template, horizon);
            return;
        }

        if (!template.Allocations.Contains(allocation, StringComparer.Ordinal))
            return;
        (double[]? objective, string? reason) = _objective.Of(template, weights);
        if (objective is null)
        {
            _skipped.TryAdd(template.Name, reason!);
            return;
        }

        double[] exposure = _space.Exposure(objective);
        if (Array.TrueForAll(exposure, e => e == 0.0))
            return;
        // Two templates can come to the same thing, e.g. a squeeze of targets that are the banks themselves.
        if (
            _attacks.Exists(a =>
                a.Allocation == allocation
                && a.Template.FixesTheSame(template)
                && a.Stages[0].Exposure.AsSpan().SequenceEqual(exposure)
            )
        )
            return;
        int days = allocation == AttackTemplate.Gap ? 1 : horizon;
        var stage = new AttackStage(0, days, exposure, 1.0, Limits(template, days, 1));
        _attacks.Add(new Attack(template, allocation, focus, weights, [stage]));
    }

    private void AddCascade(AttackTemplate template, int horizon)
    {
        var stages = new List<double[]>();
        foreach (DriverSelector selector in template.Stages)
        {
            int[] hit = [.. selector.Among(_panel.Drivers).Where(k => _panel.Drivers[k].Kind == DriverKind.Instrument)];
            if (hit.Length > 0)
                stages.Add(AttackTargets.Equal(_panel.Width, hit));
        }

        if (stages.Count == 0)
            stages.AddRange(_targets.Targets.Select(t => t.Weights));
        double[][] exposures =
        [
            .. stages
                .Select(w => _space.Exposure(w))
                .Where(e => Array.Exists(e, v => v != 0.0))
                .Take(Math.Min(MaxStages, horizon)),
        ];
        if (exposures.Length < 2)
        {
            _skipped.TryAdd(template.Name, "a cascade needs two stages or more, and a day for each");
            return;
        }

        int count = exposures.Length;
        var parts = new AttackStage[count];
        for (int s = 0; s < count; s++)
        {
            int first = s * horizon / count;
            int days = (s + 1) * horizon / count - first;
            parts[s] = new AttackStage(first, days, exposures[s], 1.0 / count, Limits(template, days, count));
        }

        _attacks.Add(new Attack(template, "cascade", Everyone, _targets.Weights, parts));
    }

    /// <summary>
    /// Bounds of a stage's total shock z, spread as z/√days on each of its days: per-day bounds, levels that macro series
    /// cannot leave, and what the template fixes.
    /// </summary>
    private StageLimits Limits(AttackTemplate template, int days, int stages)
    {
        if (!_limits.TryGetValue((template.Name, days, stages), out StageLimits? limits))
            _limits[(template.Name, days, stages)] = limits = Bounded(template, days, stages);
        return limits;
    }

    private StageLimits Bounded(AttackTemplate template, int days, int stages)
    {
        double root = Math.Sqrt(days);
        var bounds = new List<ShockBound>();
        HashSet<string> fixedIds = [];
        foreach ((string id, double value) in template.Fixed)
            Fix(id, value / (root * stages));
        foreach ((string id, double deviations) in template.FixedDeviations)
        {
            int k = IndexOf(id);
            if (k >= 0)
                Fix(id, deviations * Deviation(k) / Math.Sqrt(stages));
        }

        for (int k = 0; k < _panel.Width; k++)
        {
            LinearForm form = _space.Rows[k];
            Driver driver = _panel.Drivers[k];
            if (form.Index.Length == 0)
                continue;
            (double lower, double upper) = DriverLimits.PerDay(_model, driver);
            (double least, double most) = DriverLimits.Total(_model, driver);
            lower = Math.Max(lower * root, least / (root * stages));
            upper = Math.Min(upper * root, most / (root * stages));
            if (fixedIds.Contains(driver.Id))
                CheckFixed(template, driver.Id, bounds.Find(b => b.Name == driver.Id)!.Lower, lower, upper, root);
            else
                bounds.Add(new ShockBound(driver.Id, form, lower, upper));
        }

        return new StageLimits(bounds, new WorstCaseSolver(_space.Metric.Covariance.Values, _space.Dimension, bounds));

        void Fix(string id, double value)
        {
            int k = IndexOf(id);
            if (k < 0 || _space.Rows[k].Index.Length == 0)
                return;
            bounds.Add(new ShockBound(id, _space.Rows[k], value, value));
            fixedIds.Add(id);
        }
    }

    private static void CheckFixed(
        AttackTemplate template,
        string id,
        double value,
        double lower,
        double upper,
        double root
    )
    {
        if (value < lower || value > upper)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "generator_spec.templates",
                $"template {template.Name} fixes {id} at {value / root:0.######} a day, outside its bounds [{lower / root:0.######}, {upper / root:0.######}] in the threat model; mend one of the two"
            );
    }

    private double Deviation(int k)
    {
        double[] covaried = new double[_space.Dimension];
        _space.Rows[k].Covary(_space.Metric.Covariance.Values, _space.Dimension, covaried);
        return Math.Sqrt(_space.Rows[k].Of(covaried));
    }

    private int IndexOf(string id)
    {
        for (int k = 0; k < _panel.Width; k++)
        {
            if (_panel.Drivers[k].Id == id)
                return k;
        }

        return -1;
    }
}
