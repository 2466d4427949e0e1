using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// A block of paths laid out as columns of a file. Rows go path by path, driver by driver; in the layout of cells step by
/// step from 0.
/// </summary>
internal sealed record RowBlock(
    int[] Paths,
    int[]? Steps,
    string?[] Instruments,
    string?[] Factors,
    string?[] Macros,
    double[] Values,
    string?[] Annotations
)
{
    public int Rows => Paths.Length;

    /// <param name="annotations">JSON per path of the block, null where there is none.</param>
    public static RowBlock Of(PathBlock block, IReadOnlyList<string?> annotations, SetFileLayout layout)
    {
        bool cells = layout == SetFileLayout.Cells;
        int perRow = cells ? block.HorizonDays + 1 : 1;
        int rows = block.PathCount * block.Drivers.Count * perRow;
        var made = new RowBlock(
            new int[rows],
            cells ? new int[rows] : null,
            new string?[rows],
            new string?[rows],
            new string?[rows],
            new double[cells ? rows : rows * block.HorizonDays],
            new string?[rows]
        );
        int row = 0;
        int value = 0;
        for (int path = 0; path < block.PathCount; path++)
        {
            made.Annotations[row] = annotations[path];
            for (int driver = 0; driver < block.Drivers.Count; driver++)
            {
                Driver d = block.Drivers[driver];
                for (int step = cells ? 0 : block.HorizonDays; step <= block.HorizonDays; step++, row++)
                {
                    made.Paths[row] = block.FirstPath + path;
                    if (made.Steps is { } steps)
                        steps[row] = step;
                    made.Instruments[row] = d.Kind == DriverKind.Instrument ? d.Id : null;
                    made.Factors[row] = d.Kind == DriverKind.Factor ? d.Id : null;
                    made.Macros[row] = d.Kind == DriverKind.Macro ? d.Id : null;
                    if (cells)
                        made.Values[value++] = step == 0 ? 0 : block[path, step, driver];
                }

                for (int step = 1; !cells && step <= block.HorizonDays; step++)
                    made.Values[value++] = block[path, step, driver];
            }
        }

        return made;
    }
}

/// <summary>Writes a set into one form of file, block by block.</summary>
internal interface ISetFileWriter : IAsyncDisposable
{
    Task WriteAsync(RowBlock block, CancellationToken ct);

    /// <summary>Writes what ends the file.</summary>
    Task FinishAsync(CancellationToken ct);
}
