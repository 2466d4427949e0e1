using System.Buffers;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Factors.Model;
using Prometheus.Synthetic.Scenarios.Factors.Stress;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// Draws factors, stresses and bounds them, draws residuals into the destination, and adds α + B·f to them in place;
/// the factor columns follow the instruments in each row.
/// </summary>
internal sealed class FactorBootstrapGenerator : IPathGenerator
{
    /// <summary>Rows drawn at once at most: what is drawn beside the destination stays a few megabytes.</summary>
    private const int MostRows = 16_384;

    /// <summary>Bands of one path done one after the other: neighbours share the lines that they write.</summary>
    private const int BandsTogether = 2;

    private readonly FactorModel _model;
    private readonly IFactorSampler _factors;
    private readonly FactorStress _stress;
    private readonly IResidualSampler _residuals;
    private readonly ReturnBounds _bounds;
    private readonly GenerationShape _shape;
    private readonly int _factorColumns;

    // Made when it is read: goodness of fit by bootstrap takes its time, and a worker that draws needs none.
    private readonly Lazy<JsonObject> _report;

    // Cells of a path that met a bound, plus one; 0 while the path has not been generated here. A pure function of the
    // path, kept so that describing a path need not generate it again.
    private readonly int[] _bounded;

    public FactorBootstrapGenerator(
        FactorModelFit fit,
        IFactorSampler factors,
        FactorStress stress,
        IResidualSampler residuals,
        double residualScale,
        ReturnBounds bounds,
        GenerationShape shape
    )
    {
        _model = fit.Model;
        _factors = factors;
        _stress = stress;
        _residuals = residuals;
        _bounds = bounds;
        _shape = shape;
        _bounded = new int[shape.NumPaths];
        _factorColumns = _model.Columns.Count(c => c.Kind == DriverKind.Factor);
        Drivers = [.. _model.Instruments, .. _model.Columns];
        _report = new(() => Describe(fit, residualScale));
    }

    public IReadOnlyList<Driver> Drivers { get; }

    public JsonObject Report => _report.Value;

    private JsonObject Describe(FactorModelFit fit, double residualScale)
    {
        JsonObject residualReport = _residuals.Report;
        residualReport["scale"] = residualScale;
        return new JsonObject
        {
            ["pool_days"] = fit.Factors.Pool.Count,
            ["pool_runs"] = fit.Factors.Pool.Runs,
            ["factor_model"] = fit.Report,
            ["factor_sampling"] = _factors.Report,
            ["residual_sampling"] = residualReport,
            ["stress"] = _stress.Report,
            ["return_bounds"] = new JsonObject
            {
                ["floor"] = _bounds.Floor,
                ["cap"] = _bounds.Cap,
                ["rule"] =
                    "returns of factors and instruments beyond a bound are set to it; paths with such cells count them as bounded_cells",
            },
            ["reconstruction"] =
                "return = alpha + sum over columns of exposure x factor return + residual; the stored residual is what is left",
        };
    }

    public void Generate(int firstPath, Span<double> destination)
    {
        int steps = _shape.HorizonDays;
        int pathCells = steps * Drivers.Count;
        int count = destination.Length / pathCells;
        int atOnce = Math.Clamp(Math.Min(_residuals.RowsAtOnce, MostRows) / steps, 1, Math.Max(1, count));
        double[] drawn = ArrayPool<double>.Shared.Rent(atOnce * steps * _model.Columns.Count);
        int[] bounded = ArrayPool<int>.Shared.Rent(atOnce);
        for (int done = 0; done < count; done += atOnce)
        {
            int paths = Math.Min(atOnce, count - done);
            Span<double> block = destination.Slice(done * pathCells, paths * pathCells);
            GenerateBlock(firstPath + done, paths, block, drawn, bounded);
            for (int p = 0; p < paths && firstPath + done + p < _bounded.Length; p++)
                Volatile.Write(ref _bounded[firstPath + done + p], bounded[p] + 1);
        }

        ArrayPool<int>.Shared.Return(bounded);
        ArrayPool<double>.Shared.Return(drawn);
    }

    private void GenerateBlock(int firstPath, int paths, Span<double> block, Span<double> drawn, Span<int> bounded)
    {
        int steps = _shape.HorizonDays;
        int stride = Drivers.Count;
        int columns = _model.Columns.Count;
        for (int p = 0; p < paths; p++)
        {
            Span<double> factors = drawn.Slice(p * steps * columns, steps * columns);
            _factors.Fill(firstPath + p, factors);
            _stress.Apply(factors);
            bounded[p] = 0;
            for (int h = 0; h < steps; h++)
                bounded[p] += _bounds.Apply(factors.Slice(h * columns, _factorColumns));
        }

        if (_residuals is IBandedResiduals banded)
            AssembleBands(banded, firstPath, paths, block, drawn, bounded);
        else
            _residuals.Fill(firstPath, paths, steps, block, stride);
        for (int p = 0; p < paths; p++)
        {
            Span<double> cells = block.Slice(p * steps * stride, steps * stride);
            ReadOnlySpan<double> factors = drawn.Slice(p * steps * columns, steps * columns);
            if (_residuals is not IBandedResiduals)
                bounded[p] += FactorKernel.Assemble(_model, factors, cells, steps, stride, _bounds);
            for (int h = 0; h < steps; h++)
                factors.Slice(h * columns, columns).CopyTo(cells[(h * stride + stride - columns)..]);
        }
    }

    private void AssembleBands(
        IBandedResiduals residuals,
        int firstPath,
        int paths,
        Span<double> block,
        ReadOnlySpan<double> drawn,
        Span<int> bounded
    )
    {
        int steps = _shape.HorizonDays;
        int stride = Drivers.Count;
        int columns = _model.Columns.Count;
        double[] band = ArrayPool<double>.Shared.Rent(IBandedResiduals.Length(steps));
        const int together = BandsTogether * IBandedResiduals.Width;
        for (int start = 0; start < _model.Instruments.Count; start += together)
        {
            int end = Math.Min(start + together, _model.Instruments.Count);
            for (int p = 0; p < paths; p++)
            {
                for (int first = start; first < end; first += IBandedResiduals.Width)
                {
                    residuals.FillBand(firstPath + p, steps, first, band);
                    bounded[p] += FactorKernel.AssembleBand(
                        _model,
                        drawn.Slice(p * steps * columns, steps * columns),
                        band,
                        first,
                        block.Slice(p * steps * stride, steps * stride),
                        steps,
                        stride,
                        _bounds
                    );
                }
            }
        }

        ArrayPool<double>.Shared.Return(band);
    }

    public PathAnnotation? Describe(int path)
    {
        IReadOnlyList<DateOnly>? factorDates = _factors.SourceDates(path, _shape.HorizonDays);
        IReadOnlyList<DateOnly>? residualDates = _residuals.SourceDates(path, _shape.HorizonDays);
        int bounded = BoundedCells(path);
        var metadata = new JsonObject();
        if (bounded > 0)
            metadata["bounded_cells"] = bounded;
        if (residualDates is not null)
            metadata["residual_dates"] = new JsonArray([
                .. residualDates.Select(d => (JsonNode)d.ToString("yyyy-MM-dd")),
            ]);
        return factorDates is null && metadata.Count == 0
            ? null
            : new PathAnnotation { SourceDates = factorDates, Metadata = metadata.Count == 0 ? null : metadata };
    }

    private int BoundedCells(int path)
    {
        int known = Volatile.Read(ref _bounded[path]);
        if (known == 0)
        {
            int cells = _shape.HorizonDays * Drivers.Count;
            double[] rented = ArrayPool<double>.Shared.Rent(cells);
            Generate(path, rented.AsSpan(0, cells));
            ArrayPool<double>.Shared.Return(rented);
            known = Volatile.Read(ref _bounded[path]);
        }

        return known - 1;
    }
}
