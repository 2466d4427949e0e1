using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Factors.Stress;

/// <summary>
/// <c>correlation</c>: what the correlation of the sampled columns is moved to, R* = (1 − θ)·R + θ·R_target, and where
/// that is no correlation matrix, the nearest one.
/// </summary>
/// <param name="Theta">θ in [0, 1].</param>
public abstract record CorrelationStress(double Theta)
{
    public const string Field = "generator_spec.correlation";

    /// <summary>R_target for the columns named <paramref name="ids"/>, row-major.</summary>
    /// <param name="correlation">The sample's R.</param>
    /// <exception cref="ScenarioRefusedException">An id is not among the columns.</exception>
    public abstract double[] Target(IReadOnlyList<string> ids, double[] correlation);

    /// <summary>The spec's word for this form of target.</summary>
    public abstract string Name { get; }

    /// <summary>Exactly one of the keys <c>constant</c>, <c>blocks</c>, <c>entries</c>; null when the object is absent.</summary>
    public static CorrelationStress? Parse(SpecReader? reader)
    {
        if (reader is null)
            return null;
        double theta = reader.Number("theta", 1.0, 0.0, 1.0);
        string[] given = [.. new[] { "constant", "blocks", "entries" }.Where(reader.Has)];
        CorrelationStress? stress = null;
        if (given.Length != 1)
            reader.Refuse(
                given.Length == 0 ? ErrorCodes.Missing : ErrorCodes.Conflict,
                given.Length == 0 ? "constant" : given[1],
                $"{(given.Length == 0 ? "no target given" : $"given beside {given[0]}")}; give exactly one of constant, blocks, entries"
            );
        else if (given[0] == "constant")
            stress = new ConstantCorrelation(theta, reader.Number("constant", 0.0, -1.0, 1.0));
        else if (given[0] == "blocks")
            stress = BlockCorrelation.Read(reader, theta);
        else
            stress = CorrelationEntries.Read(reader, theta);
        if (stress is not BlockCorrelation)
        {
            foreach (string key in (string[])["within", "between"])
            {
                if (reader.Has(key))
                    reader.Refuse(ErrorCodes.Conflict, key, "goes with blocks only; remove it");
            }
        }

        reader.Finish();
        return stress;
    }

    protected static int IndexOf(IReadOnlyList<string> ids, string id, string field)
    {
        for (int i = 0; i < ids.Count; i++)
        {
            if (ids[i] == id)
                return i;
        }

        throw new ScenarioRefusedException(
            ErrorCodes.UnknownValue,
            field,
            $"'{id}' is not a sampled column; there are {string.Join(", ", ids)}{Spelling.Suggest(id, ids)}"
        );
    }
}

/// <summary>Every pair at one value: 1 is everything moving together, 0 is no correlation.</summary>
public sealed record ConstantCorrelation(double Theta, double Value) : CorrelationStress(Theta)
{
    public override string Name => "constant";

    public override double[] Target(IReadOnlyList<string> ids, double[] correlation)
    {
        double[] target = new double[correlation.Length];
        Array.Fill(target, Value);
        for (int i = 0; i < ids.Count; i++)
            target[i * ids.Count + i] = 1.0;
        return target;
    }
}

/// <summary>Breakdown to a block structure: pairs within a block at <c>within</c> (kept when absent), others at <c>between</c>.</summary>
/// <param name="Blocks">Disjoint lists of ids; a column in none of them is a block of its own.</param>
public sealed record BlockCorrelation(
    double Theta,
    IReadOnlyList<IReadOnlyList<string>> Blocks,
    double? Within,
    double Between
) : CorrelationStress(Theta)
{
    public override string Name => "blocks";

    internal static BlockCorrelation Read(SpecReader reader, double theta)
    {
        var blocks = new List<IReadOnlyList<string>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (SpecReader block in reader.Objects("blocks", 200))
        {
            IReadOnlyList<string> ids = block.OptionalTexts("ids") ?? [];
            if (ids.Count == 0)
                block.Refuse(ErrorCodes.Missing, "ids", "is missing or empty; name the columns of the block");
            foreach (string id in ids)
            {
                if (!seen.Add(id))
                    block.Refuse(ErrorCodes.Conflict, "ids", $"'{id}' is in a block already; blocks are disjoint");
            }

            block.Finish();
            blocks.Add(ids);
        }

        double? within = reader.OptionalNumber("within", -1.0, 1.0);
        return new BlockCorrelation(theta, blocks, within, reader.Number("between", 0.0, -1.0, 1.0));
    }

    public override double[] Target(IReadOnlyList<string> ids, double[] correlation)
    {
        int n = ids.Count;
        int[] block = [.. Enumerable.Range(0, n).Select(i => -1 - i)];
        for (int b = 0; b < Blocks.Count; b++)
        {
            foreach (string id in Blocks[b])
                block[IndexOf(ids, id, $"{Field}.blocks[{b}].ids")] = b;
        }

        double[] target = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                target[i * n + j] =
                    i == j ? 1.0
                    : block[i] == block[j] ? Within ?? correlation[i * n + j]
                    : Between;
            }
        }

        return target;
    }
}

/// <summary>Single pairs set to a value, the others kept.</summary>
public sealed record CorrelationEntries(double Theta, IReadOnlyList<(string A, string B, double Value)> Entries)
    : CorrelationStress(Theta)
{
    public override string Name => "entries";

    internal static CorrelationEntries Read(SpecReader reader, double theta)
    {
        var entries = new List<(string, string, double)>();
        foreach (SpecReader entry in reader.Objects("entries", 10_000))
        {
            string? a = entry.OptionalText("a");
            string? b = entry.OptionalText("b");
            double? value = entry.OptionalNumber("value", -1.0, 1.0);
            entry.Finish();
            if (a is null || b is null || value is null)
                entry.Refuse(ErrorCodes.Missing, "value", "an entry is two ids a and b and a value in -1..1");
            else if (a == b)
                entry.Refuse(ErrorCodes.Conflict, "b", $"'{b}' is the same as a; the diagonal stays 1");
            else
                entries.Add((a, b, value.Value));
        }

        return new CorrelationEntries(theta, entries);
    }

    public override double[] Target(IReadOnlyList<string> ids, double[] correlation)
    {
        double[] target = [.. correlation];
        for (int e = 0; e < Entries.Count; e++)
        {
            (string a, string b, double value) = Entries[e];
            int i = IndexOf(ids, a, $"{Field}.entries[{e}].a");
            int j = IndexOf(ids, b, $"{Field}.entries[{e}].b");
            target[i * ids.Count + j] = value;
            target[j * ids.Count + i] = value;
        }

        return target;
    }
}
