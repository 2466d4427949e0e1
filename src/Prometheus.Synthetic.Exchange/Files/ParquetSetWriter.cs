using Parquet;
using Parquet.Schema;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>Parquet: one row group per block, the header in the file's key-value metadata.</summary>
internal sealed class ParquetSetWriter : ISetFileWriter
{
    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;
    private readonly int _steps;
    private int[] _definition = [];
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
            await group.WriteAllPartsAsync<double>(
                _fields[at],
                block.Values,
                Levels(ref _definition, block.Values.Length, _ => _fields[^1].MaxDefinitionLevel),
                Levels(ref _repetition, block.Values.Length, i => i % _steps == 0 ? 0 : 1),
                ct
            );
        else
            await group.WriteAsync<double>(_fields[at], block.Values, cancellationToken: ct);
        group.CompleteValidate();
    }

    public Task FinishAsync(CancellationToken ct) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>Levels of a full list column: every value is there; repetition 0 begins a list, 1 continues it.</summary>
    private static ReadOnlyMemory<int> Levels(ref int[] cache, int count, Func<int, int> level)
    {
        if (cache.Length < count)
            cache = [.. Enumerable.Range(0, count).Select(level)];
        return cache.AsMemory(0, count);
    }

    private static DataField<string> Text(string name) => new(name);
}
