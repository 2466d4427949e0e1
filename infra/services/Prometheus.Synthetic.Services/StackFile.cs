using System.Text.Json;
using System.Text.Json.Serialization;
using Prometheus.Synthetic.Services.Processes;

namespace Prometheus.Synthetic.Services;

/// <summary>How the services of a stack run.</summary>
public enum StackKind
{
    /// <summary>Processes of this machine that belong to this checkout alone.</summary>
    Private,

    /// <summary>Containers of docker-compose.yml.</summary>
    Docker,
}

/// <summary>A process that a stack started, told from a later one of the same number by its start time.</summary>
/// <param name="Name">What it is, e.g. <c>postgres</c>.</param>
/// <param name="Pid">Process id.</param>
/// <param name="StartTicks">Start time in clock ticks since boot, field 22 of <c>/proc/PID/stat</c>.</param>
public sealed record StackProcess(string Name, int Pid, long StartTicks);

/// <summary>
/// What <c>./synthetic up</c> leaves behind for every later command. After <c>down</c> the description stays without
/// processes, because data that are kept need their credentials again.
/// </summary>
/// <param name="Kind">How the services run.</param>
/// <param name="Data">Folder of the private services' data; null with Docker, whose volumes hold them.</param>
/// <param name="Addresses">Where they listen, with credentials.</param>
/// <param name="Processes">What runs, in the order of starting; empty when stopped and with Docker.</param>
/// <param name="Running">Whether <c>up</c> came after the last <c>down</c>.</param>
public sealed record StackFile(
    StackKind Kind,
    string? Data,
    ServiceAddresses Addresses,
    IReadOnlyList<StackProcess> Processes,
    bool Running
)
{
    private const int FormatVersion = 1;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
    };

    /// <summary>Format of the file; a newer program refuses an older file only when it cannot read it.</summary>
    public int Version { get; init; } = FormatVersion;

    /// <summary>
    /// What runs, and what a command that was killed had started and could not write down here: every service and program
    /// records itself beside its log before it begins. In the order of starting; some may have ended.
    /// </summary>
    public IReadOnlyList<StackProcess> AllProcesses(StackPaths paths) =>
        [
            .. Processes
                .Concat(Data is null ? [] : DetachedProcess.Recorded(Data))
                .Concat(DetachedProcess.Recorded(paths.State))
                .Distinct(),
        ];

    /// <summary>
    /// The recorded stack, or null when none was ever started here. A checkout that was removed and cloned again finds the
    /// stack of the one before by the record that lies with its data.
    /// </summary>
    /// <exception cref="ServiceMissingException">The file is damaged or of another format.</exception>
    public static StackFile? Read(StackPaths paths) =>
        ReadFrom(paths.StackFile) ?? ReadFrom(WithData(StackFolder.PathOf(paths)));

    /// <summary>Writes the file, and its copy with the data where there are any, readable by its owner only.</summary>
    public void Write(StackPaths paths)
    {
        Directory.CreateDirectory(paths.State);
        WriteTo(paths.StackFile);
        if (Data is not null && Directory.Exists(Data))
            WriteTo(WithData(Data));
    }

    private static string WithData(string folder) => Path.Combine(folder, "stack.json");

    private static StackFile? ReadFrom(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            StackFile? file = JsonSerializer.Deserialize<StackFile>(stream, s_json);
            if (file is { Version: FormatVersion, Addresses: not null, Processes: not null })
                return file;
            throw new ServiceMissingException(
                $"{path} is of another format; `./synthetic down --purge` removes what it describes."
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or UnauthorizedAccessException or IOException)
        {
            throw new ServiceMissingException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whole or not at all.</summary>
    private void WriteTo(string path)
    {
        string temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, options))
            JsonSerializer.Serialize(stream, this, s_json);
        File.Move(temporary, path, overwrite: true);
    }
}
