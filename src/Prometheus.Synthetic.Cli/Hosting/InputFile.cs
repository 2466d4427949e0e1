using System.Text;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>A file that an option or an argument names: read whole, or refused in one sentence that says what to do.</summary>
internal static class InputFile
{
    /// <param name="field">The option or argument that names it.</param>
    /// <exception cref="ScenarioRefusedException">There is none, it is a folder, or it may not be read.</exception>
    public static byte[] Bytes(string field, string path)
    {
        if (Directory.Exists(path))
            throw Refused(field, $"'{path}' is a folder; name a file");
        if (!File.Exists(path))
            throw Refused(field, $"there is no file '{path}'; check the path");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(
                field,
                $"'{path}' cannot be read; check who may read it ({e.Message.ReplaceLineEndings(" ")})"
            );
        }
    }

    /// <exception cref="ScenarioRefusedException">As <see cref="Bytes"/>; or it is no UTF-8 text.</exception>
    public static string Text(string field, string path)
    {
        byte[] bytes = Bytes(field, path);
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            throw new ScenarioRefusedException(ErrorCodes.WrongType, field, $"'{path}' is not UTF-8 text");
        }
    }

    /// <summary>A message of the contract. Fields are named as the message names them, the file where it is unreadable as a whole.</summary>
    /// <exception cref="ScenarioRefusedException">As <see cref="Bytes"/>; or it is no JSON object, or fields have a wrong type.</exception>
    public static T Message<T>(string field, string path)
        where T : class
    {
        ContractReading<T> reading = ContractReader.Read<T>(Bytes(field, path));
        return reading.Ok
            ? reading.Message!
            : throw new ScenarioRefusedException([
                .. reading.Errors.Select(e => new FieldError(e.Code, e.Field.Length > 0 ? e.Field : path, e.Message)),
            ]);
    }

    private static ScenarioRefusedException Refused(string field, string message) =>
        new(ErrorCodes.NotFound, field, message);
}
