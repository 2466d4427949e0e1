using System.Buffers;
using System.Globalization;
using System.Text;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// CSV: a comment line with the header, a line of column names, then rows. Numbers are in the shortest form that reads
/// back to the same double, so that nothing is lost.
/// </summary>
internal sealed class CsvSetWriter : ISetFileWriter
{
    /// <summary>What the comment line begins with.</summary>
    public const string HeaderMark = "# " + SetFileHeader.Key + " ";

    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n#");
    private readonly StreamWriter _writer;
    private readonly int _steps;

    public CsvSetWriter(Stream stream, SetFileHeader header, SetFileLayout layout)
    {
        _writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        _steps = header.HorizonDays;
        _writer.Write(HeaderMark);
        _writer.WriteLine(header.ToJson());
        IEnumerable<string> names =
            layout == SetFileLayout.Cells
                ?
                [
                    SetFileColumns.Path,
                    SetFileColumns.Step,
                    SetFileColumns.Instrument,
                    SetFileColumns.Factor,
                    SetFileColumns.Macro,
                    SetFileColumns.Return,
                    SetFileColumns.Annotation,
                ]
                :
                [
                    SetFileColumns.Path,
                    SetFileColumns.Instrument,
                    SetFileColumns.Factor,
                    SetFileColumns.Macro,
                    SetFileColumns.Annotation,
                    .. Enumerable.Range(1, _steps).Select(h => string.Create(CultureInfo.InvariantCulture, $"h{h}")),
                ];
        _writer.WriteLine(string.Join(',', names));
    }

    public async Task WriteAsync(RowBlock block, CancellationToken ct)
    {
        var line = new StringBuilder();
        for (int row = 0; row < block.Rows; row++)
        {
            line.Append(CultureInfo.InvariantCulture, $"{block.Paths[row]},");
            if (block.Steps is { } steps)
                line.Append(CultureInfo.InvariantCulture, $"{steps[row]},");
            Text(line, block.Instruments[row]).Append(',');
            Text(line, block.Factors[row]).Append(',');
            Text(line, block.Macros[row]).Append(',');
            if (block.Steps is null)
            {
                Text(line, block.Annotations[row]);
                foreach (double value in block.Values.AsSpan(row * _steps, _steps))
                    line.Append(CultureInfo.InvariantCulture, $",{value:R}");
            }
            else
            {
                line.Append(CultureInfo.InvariantCulture, $"{block.Values[row]:R},");
                Text(line, block.Annotations[row]);
            }

            line.Append('\n');
            if (line.Length < 1 << 16)
                continue;
            await _writer.WriteAsync(line, ct);
            line.Clear();
        }

        await _writer.WriteAsync(line, ct);
    }

    public Task FinishAsync(CancellationToken ct) => _writer.FlushAsync(ct);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static StringBuilder Text(StringBuilder line, string? text)
    {
        if (text is null)
            return line;
        return text.AsSpan().ContainsAny(s_quoted)
            ? line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"')
            : line.Append(text);
    }
}
