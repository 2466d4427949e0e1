using System.Security.Cryptography;
using System.Text;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Exchange.Files;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Exchange;

/// <summary>What an export has written.</summary>
/// <param name="FileHash">SHA-256 of the file, 64 hexadecimal digits.</param>
public sealed record ExportReport(
    Guid ScenarioSetId,
    string Name,
    int Version,
    string File,
    SetFileFormat Format,
    SetFileLayout Layout,
    long Bytes,
    string FileHash,
    string ContentHash
);

/// <summary>
/// Writes a sealed set into a file, block by block. The content hash is computed on the way from what is written; a file
/// that would not carry the record's hash is not left behind.
/// </summary>
public sealed class SetExporter(
    ScenarioSetReader reader,
    SetReferences references,
    ScenarioSetStore sets,
    SetTagStore tags,
    AnnotationReader annotations,
    SetHolds holds,
    AuditTrail audit
)
{
    /// <summary>Cells per block: a row group of Parquet, a record batch of Arrow.</summary>
    private const int BlockCells = 500_000;

    /// <param name="progress">Receives the number of paths written so far.</param>
    /// <exception cref="ScenarioRefusedException">Unknown or evicted set, or stored rows that are not what was sealed.</exception>
    public async Task<ExportReport> ExportAsync(
        Guid id,
        string file,
        SetFileFormat format,
        SetFileLayout layout,
        Act act,
        IProgress<int>? progress = null,
        CancellationToken ct = default
    )
    {
        await references.RequireAsync(id, ct);
        // Nobody evicts what is being compared with its hash; who is doing so is waited for.
        await using IAsyncDisposable hold = await holds.ShareAsync(id, ct);
        ScenarioSetDocument set = await references.RequireAsync(id, ct);
        // A name of its own: two exports to one file write two files, and the last to finish gives it its name.
        string partial = $"{file}.{Path.GetRandomFileName()}.partial";
        FileStream stream = Create(partial, file);
        try
        {
            await using (stream)
                await WriteAsync(set, stream, format, layout, progress, ct);
            string fileHash = await FileHashAsync(partial, ct);
            File.Move(partial, file, overwrite: true);
            AuditEntry entry = act.Entry(AuditActions.Exported, id)
                .With("file", Path.GetFileName(file))
                .With("file_sha256", fileHash)
                .With("format", format.ToString().ToLowerInvariant());
            await audit.AppendAsync(entry, ct);
            return new ExportReport(
                id,
                set.Name,
                set.Version,
                file,
                format,
                layout,
                new FileInfo(file).Length,
                fileHash,
                set.ContentHash!
            );
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>The format that a file's name asks for.</summary>
    /// <exception cref="ScenarioRefusedException">The ending is unknown.</exception>
    public static SetFileFormat FormatOf(string file) =>
        Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".parquet" => SetFileFormat.Parquet,
            ".arrow" or ".feather" => SetFileFormat.Arrow,
            ".csv" => SetFileFormat.Csv,
            string other => throw new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                "file",
                $"the ending '{other}' says no format; end the name in .parquet, .arrow, .feather or .csv, or give the format"
            ),
        };

    private async Task WriteAsync(
        ScenarioSetDocument set,
        Stream stream,
        SetFileFormat format,
        SetFileLayout layout,
        IProgress<int>? progress,
        CancellationToken ct
    )
    {
        IReadOnlyList<Driver> drivers = await sets.DriversAsync(set.Id, ct);
        string[] allTags = [.. set.Tags.Union(await tags.ReadAsync(set.Id, ct), StringComparer.Ordinal)];
        // The first block is asked for before anything is written: an evicted set is refused without a trace.
        await using IAsyncEnumerator<PathBlock> blocks = reader
            .ReadAsync(set.Id, new PathSlice { BlockCells = BlockCells }, ct)
            .GetAsyncEnumerator(ct);
        if (!await blocks.MoveNextAsync())
            return;
        var header = SetFileHeader.Of(set, drivers, allTags);
        await using ISetFileWriter writer = format switch
        {
            SetFileFormat.Parquet => await ParquetSetWriter.CreateAsync(stream, header, layout, ct),
            SetFileFormat.Arrow => new ArrowSetWriter(stream, header, layout),
            _ => new CsvSetWriter(stream, header, layout),
        };
        using var hasher = new ContentHasher(set.NumPaths, set.HorizonDays, drivers);
        int[] numbers = DriverNumbers.Of(drivers);
        byte[] digest = new byte[PathDigest.Length];
        do
        {
            PathBlock block = blocks.Current;
            PathAnnotation?[] notes = await annotations.ReadAsync(
                set.Id,
                numbers,
                block.FirstPath,
                block.PathCount,
                ct
            );
            int cells = block.HorizonDays * drivers.Count;
            for (int i = 0; i < notes.Length; i++)
            {
                PathDigest.Compute(block.Values.Span.Slice(i * cells, cells), notes[i], digest);
                hasher.Append(digest);
            }

            string?[] json =
            [
                .. notes.Select(n => n is null ? null : Encoding.UTF8.GetString(PathAnnotationJson.Bytes(n))),
            ];
            await writer.WriteAsync(RowBlock.Of(block, json, layout), ct);
            progress?.Report(block.FirstPath + block.PathCount);
        } while (await blocks.MoveNextAsync());

        if (hasher.Finish() != set.ContentHash)
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                "scenario_set_id",
                $"{set.Id}: the stored rows are not what was sealed, so nothing was exported; './synthetic sets verify {set.Id}' says where they differ"
            );
        await writer.FinishAsync(ct);
    }

    private static FileStream Create(string partial, string file)
    {
        try
        {
            return new FileStream(partial, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "file",
                $"'{file}' cannot be written: {e.Message.Replace(partial, file, StringComparison.Ordinal)}"
            );
        }
    }

    private static async Task<string> FileHashAsync(string file, CancellationToken ct)
    {
        await using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
