using Parquet;
using Parquet.Schema;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>Parquet: one row group per block, the header in the file's key-value metadata.</summary>
internal sealed class ParquetSetWriter : ISetFileWriter
{
    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;
    private readonly int _steps;
    private int[] _repetition = [];

    private ParquetSetWriter(ParquetWriter writer, ParquetSchema schema, int steps)
    {
        _writer = writer;
        _fields = schema.GetDataFields();
        _steps = steps;
    }

    public static async Task<ParquetSetWriter> CreateAsync(
        Stream stream,
        SetFileHeader header,
        SetFileLayout layout,
        CancellationToken ct
    )
    {
        var fields = new List<Field> { new DataField<int>(SetFileColumns.Path) };
        if (layout == SetFileLayout.Cells)
            fields.Add(new DataField<int>(SetFileColumns.Step));
        fields.Add(Text(SetFileColumns.Instrument));
        fields.Add(Text(SetFileColumns.Factor));
        fields.Add(Text(SetFileColumns.Macro));
        fields.Add(Text(SetFileColumns.Annotation));
        fields.Add(
            layout == SetFileLayout.Cells
                ? new DataField<double>(SetFileColumns.Return)
                : new ListField(SetFileColumns.Returns, new DataField<double>("element"))
        );
        var schema = new ParquetSchema(fields);
        ParquetWriter writer = await ParquetWriter.CreateAsync(
            schema,
            stream,
            new ParquetOptions { CompressionMethod = CompressionMethod.Zstd },
            cancellationToken: ct
        );
        writer.CustomMetadata = new Dictionary<string, string> { [SetFileHeader.Key] = header.ToJson() };
        return new ParquetSetWriter(writer, schema, header.HorizonDays);
    }

    public async Task WriteAsync(RowBlock block, CancellationToken ct)
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        int at = 0;
        await group.WriteAsync<int>(_fields[at++], block.Paths, cancellationToken: ct);
        if (block.Steps is { } steps)
            await group.WriteAsync<int>(_fields[at++], steps, cancellationToken: ct);
        await group.WriteAsync(_fields[at++], block.Instruments!);
        await group.WriteAsync(_fields[at++], block.Factors!);
        await group.WriteAsync(_fields[at++], block.Macros!);
        await group.WriteAsync(_fields[at++], block.Annotations!);
        if (block.Steps is null)
            await group.WriteAsync<double>(
                _fields[at],
                block.Values,
                Repetition(block.Values.Length),
                cancellationToken: ct
            );
        else
            await group.WriteAsync<double>(_fields[at], block.Values, cancellationToken: ct);
        group.CompleteValidate();
    }

    public Task FinishAsync(CancellationToken ct) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>0 begins a list, 1 continues it.</summary>
    private ReadOnlyMemory<int> Repetition(int values)
    {
        if (_repetition.Length < values)
        {
            _repetition = new int[values];
            for (int i = 0; i < values; i++)
                _repetition[i] = i % _steps == 0 ? 0 : 1;
        }

        return _repetition.AsMemory(0, values);
    }

    private static DataField<string> Text(string name) => new(name);
}
