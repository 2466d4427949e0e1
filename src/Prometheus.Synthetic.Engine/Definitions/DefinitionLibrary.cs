using System.Globalization;
using System.Reflection;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Engine.Definitions;

/// <summary>
/// The definitions this process knows: those shipped with the engine (infra/definitions, infra/threat-models) and those
/// of a folder, which win over shipped ones of the same name and version. Read once; immutable.
/// </summary>
public sealed class DefinitionLibrary
{
    /// <summary>Names the folder of an installation's own definition files.</summary>
    public const string FolderVariable = "SYNTHETIC_DEFINITIONS";

    private readonly List<Definition> _definitions;

    /// <exception cref="ScenarioRefusedException">A file is wrong, or two files say different things under one name and version.</exception>
    public DefinitionLibrary(
        IEnumerable<(string File, string Text)> shipped,
        IEnumerable<(string File, string Text)> own
    )
    {
        List<Definition> first = ReadAll(own);
        _definitions =
        [
            .. first,
            .. ReadAll(shipped)
                .Where(s => !first.Exists(o => o.Kind == s.Kind && o.Name == s.Name && o.Version == s.Version)),
        ];
        _definitions.Sort(
            (a, b) =>
                string.CompareOrdinal(a.Kind, b.Kind) is not 0 and var byKind ? byKind
                : string.CompareOrdinal(a.Name, b.Name) is not 0 and var byName ? byName
                : a.Version.CompareTo(b.Version)
        );
    }

    /// <summary>By kind, name and version.</summary>
    public IReadOnlyList<Definition> All => _definitions;

    /// <summary>The shipped definitions, with those of a folder.</summary>
    /// <param name="folder">A folder of *.yaml files; null for none.</param>
    public static DefinitionLibrary Load(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                FolderVariable,
                $"'{folder}' is not a folder; name the folder of the definition files or unset the variable"
            );
        return new DefinitionLibrary(
            Shipped(),
            folder is null
                ? []
                : Directory
                    .EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(f => (Path.GetFileName(f), File.ReadAllText(f)))
        );
    }

    /// <summary>The definition that a text names: <c>NAME</c> for the newest version, <c>NAME@3</c> for one.</summary>
    /// <param name="kinds">The kinds that fit.</param>
    /// <param name="field">Where it was named.</param>
    /// <exception cref="ScenarioRefusedException">There is none.</exception>
    public Definition Find(string reference, IReadOnlyList<string> kinds, string field)
    {
        string[] parts = reference.Split('@', 2);
        int? version = null;
        if (parts.Length == 2)
            version = int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int given)
                ? given
                : throw new ScenarioRefusedException(
                    ErrorCodes.WrongType,
                    field,
                    $"'{reference}' has no whole number after '@'; write NAME or NAME@VERSION"
                );
        Definition? found = _definitions.LastOrDefault(d =>
            kinds.Contains(d.Kind) && d.Name == parts[0] && (version is null || d.Version == version)
        );
        if (found is not null)
            return found;
        string[] known = [.. _definitions.Where(d => kinds.Contains(d.Kind)).Select(d => $"{d.Name}@{d.Version}")];
        throw new ScenarioRefusedException(
            ErrorCodes.NotFound,
            field,
            $"no definition '{reference}'; known: {(known.Length == 0 ? "none" : string.Join(", ", known))}{Spelling.Suggest(parts[0], known.Select(k => k.Split('@')[0]))}"
        );
    }

    private static IEnumerable<(string File, string Text)> Shipped()
    {
        Assembly assembly = typeof(DefinitionLibrary).Assembly;
        foreach (
            string name in assembly
                .GetManifestResourceNames()
                .Where(n => n.EndsWith(".yaml", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }

    private static List<Definition> ReadAll(IEnumerable<(string File, string Text)> files)
    {
        var definitions = new List<Definition>();
        var errors = new List<FieldError>();
        foreach ((string file, string text) in files)
        {
            try
            {
                Definition read = DefinitionFile.Read(text, file);
                if (
                    definitions.Find(d => d.Kind == read.Kind && d.Name == read.Name && d.Version == read.Version) is
                    { } other
                )
                    errors.Add(
                        new FieldError(
                            ErrorCodes.Conflict,
                            file,
                            $"{read.Name} version {read.Version} is also in {other.Origin}; raise the version of one"
                        )
                    );
                else
                    definitions.Add(read);
            }
            catch (ScenarioRefusedException refused)
            {
                errors.AddRange(refused.Errors);
            }
        }

        return errors.Count == 0 ? definitions : throw new ScenarioRefusedException(errors);
    }
}
