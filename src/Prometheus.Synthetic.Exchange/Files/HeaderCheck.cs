using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>An exported file must be what its header says, to the bit.</summary>
internal static class HeaderCheck
{
    /// <exception cref="ScenarioRefusedException">Paths, steps or drivers are not as many as the header says.</exception>
    public static void Shape(SetFileHeader header, FileShape found)
    {
        var errors = new List<FieldError>();
        Compare(header.NumPaths, found.NumPaths, "paths");
        Compare(header.HorizonDays, found.HorizonDays, "steps");
        Compare(header.Drivers.Count, found.Width, "drivers");
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        return;

        void Compare(int said, int held, string what)
        {
            if (said != held)
                errors.Add(
                    new(
                        ErrorCodes.BadData,
                        "file",
                        $"its header says {said} {what}, the file holds {held}: it is not whole"
                    )
                );
        }
    }

    /// <exception cref="ScenarioRefusedException">The content has another hash than the header says.</exception>
    public static void Content(SetFileHeader header, string hash)
    {
        if (hash != header.ContentHash)
            throw SetFile.Refused(
                $"its content has the hash {hash}, its header says {header.ContentHash}: it was altered after the export; remove the header ('{SetFileHeader.Key}') to import it as a hand-made file"
            );
    }
}
