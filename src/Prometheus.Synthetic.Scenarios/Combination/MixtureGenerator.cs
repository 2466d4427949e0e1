using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>
/// Paths of several sets under one weight each. Places are given to components by largest remainder, so weights hold
/// exactly without sampling error: a path of component c has probability w_c / n_c. Which of its paths a component gives
/// is a random order, without replacement while they last.
/// </summary>
internal sealed class MixtureGenerator : IPathGenerator
{
    private readonly IReadOnlyList<BaseSet> _sets;
    private readonly IPathGenerator[] _generators;
    private readonly int[][] _columns;
    private readonly int[] _first;
    private readonly int[][] _order;
    private readonly double[] _weights;
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
        int width = Drivers.Count;
        int length = _horizon * width;
        for (int path = firstPath; destination.Length >= length; path++)
        {
            (int c, int origin) = Origin(path);
            int innerWidth = _generators[c].Drivers.Count;
            double[] whole = new double[_sets[c].HorizonDays * innerWidth];
            _generators[c].Generate(origin, whole);
            for (int h = 0; h < _horizon; h++)
            {
                for (int k = 0; k < width; k++)
                    destination[h * width + k] = whole[h * innerWidth + _columns[c][k]];
            }

            destination = destination[length..];
        }
    }

    public PathAnnotation? Describe(int path)
    {
        (int c, int origin) = Origin(path);
        PathAnnotation? before = _generators[c].Describe(origin);
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
            Probability = _weights[c] / (_first[c + 1] - _first[c]),
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

    private (int Component, int Path) Origin(int path)
    {
        int c = 0;
        while (path >= _first[c + 1])
            c++;
        return (c, _order[c][(path - _first[c]) % _order[c].Length]);
    }

    private static Driver[] Common(
        IReadOnlyList<BaseSet> sets,
        IPathGenerator[] generators,
        bool commonDrivers
    )
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
