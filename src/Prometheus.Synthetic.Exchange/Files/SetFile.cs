using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// A file of paths, whatever its form: what it is shows in its first bytes, not in its name. It is opened once and read as
/// often as wanted, so that another file put in its place meanwhile changes nothing.
/// </summary>
internal sealed class SetFile : IAsyncDisposable
{
    private readonly FileStream _stream;

    private SetFile(FileStream stream, SetFileFormat format)
    {
        _stream = stream;
        Format = format;
    }

    public SetFileFormat Format { get; }

    /// <exception cref="ScenarioRefusedException">The file cannot be opened or is of no known form.</exception>
    public static async Task<SetFile> OpenAsync(string file, CancellationToken ct)
    {
        FileStream stream = Open(file);
        try
        {
            return new SetFile(stream, await DetectAsync(stream, ct));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives every row to the sink, from the first.</summary>
    /// <returns>The header when the file was exported by this engine.</returns>
    /// <exception cref="ScenarioRefusedException">The file is truncated, or the sink refuses.</exception>
    public async Task<SetFileHeader?> ReadAsync(RowSink sink, CancellationToken ct)
    {
        _stream.Position = 0;
        try
        {
            return Format switch
            {
                SetFileFormat.Parquet => await ParquetSetReader.ReadAsync(_stream, sink, ct),
                SetFileFormat.Arrow => await ArrowSetReader.ReadAsync(_stream, sink, ct),
                _ => await CsvSetReader.ReadAsync(_stream, sink, ct),
            };
        }
        catch (JsonException e)
        {
            throw Refused($"its metadata '{SetFileHeader.Key}' cannot be read: {e.Message}");
        }
        catch (Exception e)
            when (e
                    is not (
                        ScenarioRefusedException
                        or OperationCanceledException
                        or OutOfMemoryException
                        or DbException
                    )
            )
        {
            // The libraries throw whatever they stumble over first in a file that is not whole.
            throw Refused(
                $"cannot be read as {Format.ToString().ToUpperInvariant()}, it is truncated or damaged: {e.Message}"
            );
        }
    }

    /// <summary>SHA-256 of its bytes, 64 hexadecimal digits.</summary>
    public async Task<string> HashAsync(CancellationToken ct)
    {
        _stream.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(_stream, ct));
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    public static ScenarioRefusedException Refused(string message, string code = ErrorCodes.BadData) =>
        new(code, "file", message);

    /// <summary>The columns a file must have; names those that it lacks.</summary>
    public static void Require(IReadOnlyCollection<string> present, params ReadOnlySpan<string> wanted)
    {
        foreach (string column in wanted)
        {
            if (!present.Contains(column, StringComparer.Ordinal))
                throw Refused(
                    $"has no column '{column}'; it has {string.Join(", ", present.Take(20))}. A file of paths has scenario_id, one of instrument_id, factor_id and macro_id, and either horizon_index and return or returns (in CSV h1, h2, …)"
                );
        }
    }

    private static FileStream Open(string file)
    {
        string why;
        try
        {
            if (!Directory.Exists(file))
                return File.OpenRead(file);
            why = "it is a folder; name a file";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            why = "there is no such file; check the path";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = $"check who may read it ({e.Message})";
        }

        throw new ScenarioRefusedException(ErrorCodes.NotFound, "file", $"'{file}' cannot be opened: {why}");
    }

    private static async Task<SetFileFormat> DetectAsync(FileStream stream, CancellationToken ct)
    {
        byte[] magic = new byte[6];
        int read = await stream.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, ct);
        stream.Position = 0;
        if (read == 0)
            throw Refused("is empty");
        ReadOnlySpan<byte> start = magic.AsSpan(0, read);
        return start.StartsWith("PAR1"u8) ? SetFileFormat.Parquet
            : start.StartsWith("ARROW1"u8) ? SetFileFormat.Arrow
            : start.ContainsAnyInRange((byte)0, (byte)8) || start.ContainsAnyExceptInRange((byte)0, (byte)0xEF)
                ? throw Refused("is neither Parquet nor Arrow IPC (file form) nor CSV")
            : SetFileFormat.Csv;
    }
}
