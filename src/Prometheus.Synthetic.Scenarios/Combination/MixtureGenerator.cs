using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>
/// Paths of several sets under one weight each. Places are given to components by largest remainder, so weights hold
/// exactly without sampling error: the n_c paths of component c share the probability w_c, equally or, where the component
/// has probabilities of its own, in their proportion. Which of its paths a component gives is a random order, without
/// replacement while they last.
/// </summary>
internal sealed class MixtureGenerator : IPathGenerator
{
    private readonly IReadOnlyList<BaseSet> _sets;
    private readonly IPathGenerator[] _generators;
    private readonly int[][] _columns;
    private readonly int[] _first;
    private readonly int[][] _order;
    private readonly double[] _weights;
    private readonly double[]?[] _own;
    private readonly int _horizon;

    public MixtureGenerator(
        IReadOnlyList<BaseSet> sets,
        IPathGenerator[] generators,
        IReadOnlyList<double> weights,
        bool commonDrivers,
        GenerationShape shape
    )
    {
        _sets = sets;
        _generators = generators;
        _horizon = shape.HorizonDays;
        double total = weights.Sum();
        _weights = [.. weights.Select(w => w / total)];
        Drivers = Common(sets, generators, commonDrivers);
        _columns = [.. generators.Select(g => ColumnsOf(Drivers, g.Drivers))];
        int[] places = Places(_weights, shape.NumPaths);
        _first = new int[places.Length + 1];
        for (int c = 0; c < places.Length; c++)
            _first[c + 1] = _first[c] + places[c];
        var stream = new PhiloxStream(shape.Seed);
        _order = [.. sets.Select((s, c) => Shuffled(s.NumPaths, stream, (ushort)c))];
        _own = [.. generators.Select((g, c) => OwnShares(g, c, places[c]))];
        Report = new JsonObject
        {
            ["method"] = "mixture",
            ["drivers"] = Drivers.Count,
            ["components"] = new JsonArray([
                .. sets.Select(
                    (s, c) =>
                    {
                        JsonObject component = BaseSetReport.Of(s);
                        component["weight"] = _weights[c];
                        component["paths"] = places[c];
                        return component;
                    }
                ),
            ]),
        };
    }

    public IReadOnlyList<Driver> Drivers { get; }

    public JsonObject Report { get; }

    public void Generate(int firstPath, Span<double> destination)
    {
        int length = _horizon * Drivers.Count;
        for (int path = firstPath; destination.Length >= length; path++)
        {
            (int c, int origin) = Origin(path);
            double[] whole = new double[_sets[c].HorizonDays * _generators[c].Drivers.Count];
            _generators[c].Generate(origin, whole);
            Pick(c, whole, destination[..length]);
            destination = destination[length..];
        }
    }

    public PathAnnotation? Describe(int path)
    {
        (int c, int origin) = Origin(path);
        return Describe(path, c, origin, _generators[c].Describe(origin));
    }

    public PathAnnotation?[] GenerateDescribed(int firstPath, int count, Span<double> destination)
    {
        var annotations = new PathAnnotation?[count];
        int length = _horizon * Drivers.Count;
        for (int i = 0; i < count; i++)
        {
            (int c, int origin) = Origin(firstPath + i);
            double[] whole = new double[_sets[c].HorizonDays * _generators[c].Drivers.Count];
            PathAnnotation? before = _generators[c].GenerateDescribed(origin, 1, whole)[0];
            Pick(c, whole, destination.Slice(i * length, length));
            annotations[i] = Describe(firstPath + i, c, origin, before);
        }

        return annotations;
    }

    private void Pick(int c, double[] whole, Span<double> path)
    {
        int width = Drivers.Count;
        int innerWidth = _generators[c].Drivers.Count;
        for (int h = 0; h < _horizon; h++)
        {
            for (int k = 0; k < width; k++)
                path[h * width + k] = whole[h * innerWidth + _columns[c][k]];
        }
    }

    private PathAnnotation Describe(int path, int c, int origin, PathAnnotation? before)
    {
        var metadata = new JsonObject
        {
            ["component"] = _sets[c].ScenarioSetId.ToString(),
            ["component_path"] = origin,
        };
        if (before?.Metadata is { } own)
            metadata["component_metadata"] = own.DeepClone();
        return new PathAnnotation
        {
            SourceDates = before?.SourceDates is { } dates ? [.. dates.Take(_horizon)] : null,
            Probability = _weights[c] * (_own[c]?[path - _first[c]] ?? 1.0 / (_first[c + 1] - _first[c])),
            Metadata = metadata,
            Cells =
            [
                .. (before?.Cells ?? [])
                    .Where(m => m.Step <= _horizon)
                    .Select(m => m with { Driver = m.Driver < 0 ? -1 : Array.IndexOf(_columns[c], m.Driver) })
                    .Where((m, i) => m.Driver >= 0 || before!.Cells[i].Driver < 0),
            ],
        };
    }

    /// <summary>Per place of a component, its path's share of the component's probability; null where paths weigh the same.</summary>
    private double[]? OwnShares(IPathGenerator generator, int c, int places)
    {
        if (generator.Describe(_order[c][0])?.Probability is null)
            return null;
        double[] shares =
        [
            .. Enumerable
                .Range(0, places)
                .Select(i => generator.Describe(_order[c][i % _order[c].Length])?.Probability ?? 0.0),
        ];
        double sum = shares.Sum();
        // A few places may have drawn only paths without any probability: then none is better than another.
        return sum > 0.0 ? [.. shares.Select(s => s / sum)] : null;
    }

    private (int Component, int Path) Origin(int path)
    {
        int c = 0;
        while (path >= _first[c + 1])
            c++;
        return (c, _order[c][(path - _first[c]) % _order[c].Length]);
    }

    private static Driver[] Common(IReadOnlyList<BaseSet> sets, IPathGenerator[] generators, bool commonDrivers)
    {
        IReadOnlyList<Driver> first = generators[0].Drivers;
        Driver[] shared =
        [
            .. first.Where(d => generators.All(g => g.Drivers.Any(o => o.Kind == d.Kind && o.Id == d.Id))),
        ];
        bool same = generators.All(g => g.Drivers.Count == shared.Length);
        if (shared.Length == 0 || (!same && !commonDrivers))
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "generator_spec.mixture",
                $"the sets do not have the same drivers ({string.Join(", ", sets.Select((s, i) => $"{s.Name}: {generators[i].Drivers.Count}"))}; {shared.Length} in common); mix sets of one universe, or say \"drivers\": \"common\""
            );
        if (
            shared.FirstOrDefault(d =>
                generators.Any(g => g.Drivers.First(o => o.Kind == d.Kind && o.Id == d.Id).Unit != d.Unit)
            ) is
            { } odd
        )
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "generator_spec.mixture",
                $"{odd.Id} has different units in the sets; they cannot be mixed"
            );
        return shared;
    }

    private static int[] ColumnsOf(IReadOnlyList<Driver> wanted, IReadOnlyList<Driver> all) =>
        [.. wanted.Select(w => Enumerable.Range(0, all.Count).First(k => all[k].Kind == w.Kind && all[k].Id == w.Id))];

    /// <summary>Largest remainder, each component with a weight having one place at least.</summary>
    private static int[] Places(double[] weights, int paths)
    {
        int[] places = [.. weights.Select(w => Math.Max(1, (int)Math.Floor(w * paths)))];
        int[] order =
        [
            .. Enumerable
                .Range(0, weights.Length)
                .OrderByDescending(c => weights[c] * paths - Math.Floor(weights[c] * paths)),
        ];
        for (int i = 0; places.Sum() < paths; i++)
            places[order[i % order.Length]]++;
        while (places.Sum() > paths)
            places[Array.IndexOf(places, places.Max())]--;
        return places;
    }

    private static int[] Shuffled(int count, PhiloxStream stream, ushort lane)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = stream.Below(i + 1, 0, 0, DrawPurpose.Permutation, (uint)i, lane);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
