using System.IO.Compression;
using System.Text;

namespace Prometheus.Synthetic.Storage.Tests.Market.Import;

/// <summary>A file of a test, removed with it.</summary>
internal sealed class CsvFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-import-").FullName;

    public CsvFile(string name, params string[] lines)
        : this(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")) { }

    public CsvFile(string name, byte[] content)
    {
        Path = System.IO.Path.Combine(_folder, name);
        File.WriteAllBytes(Path, content);
    }

    public string Path { get; }

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
