using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Exchange.Files;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Exchange;

/// <summary>
/// Brings a file of paths in as a set of category CUSTOM. The paths become the set's calibration snapshot, so that it is
/// verified, evicted and rehydrated like every other set. Everything is checked before anything is written.
/// </summary>
public sealed class SetImporter(
    InstrumentRegister instruments,
    SnapshotStore snapshots,
    ScenarioSetStore sets,
    SetSealer sealer,
    ShardGenerator shards,
    CalibratedGenerators generators,
    AuditTrail audit,
    RequestLimits limits,
    TimeProvider time
)
{
    /// <exception cref="ScenarioRefusedException">The file or what is said about it is wrong; nothing is left behind.</exception>
    public async Task<ScenarioSetRef> ImportAsync(
        string file,
        ImportRequest request,
        Act act,
        IProgress<GenerationProgress>? progress = null,
        CancellationToken ct = default
    )
    {
        progress?.Report(new GenerationProgress("reading", null, 0, 0));
        var assembler = new PathAssembler(request.MaxCells);
        (SetFileFormat format, SetFileHeader? header) = await SetFile.ReadAsync(file, assembler, ct);
        assembler.ThrowIfRefused();
        Driver[] drivers = DriversOf(assembler, header, request);
        GivenPaths given = assembler.Finish(drivers);
        if (header is not null)
            CheckHeader(header, drivers, given);
        ImportRequest complete = await CompleteAsync(request, header, drivers, ct);

        var snapshot = new CalibrationSnapshot(complete.AsOfDate!.Value, new ShockPanel(drivers, [], []))
        {
            Given = given,
        };
        string snapshotHash = await snapshots.SaveAsync(snapshot, ct);
        Guid requestId = RequestIdOf(complete, snapshotHash);
        ScenarioSetDocument? earlier = await sets.FindByRequestAsync(requestId, ct);
        if (earlier?.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted)
            return ScenarioSetRef.Of(earlier, existed: true);
        var generator = new GivenPathsGenerator(drivers, given);
        ScenarioSetDocument set = Describe(
            complete,
            header,
            given,
            generator,
            snapshotHash,
            requestId,
            Attempts.Next(earlier),
            await SpecOfAsync(file, format, header, ct),
            act
        );
        set = await sets.OpenAsync(set, drivers, ct);
        generators.Remember(set, generator);
        return await StoreAsync(set, file, act, progress, ct);
    }

    private async Task<ScenarioSetRef> StoreAsync(
        ScenarioSetDocument set,
        string file,
        Act act,
        IProgress<GenerationProgress>? progress,
        CancellationToken ct
    )
    {
        try
        {
            for (int shard = 0; shard < set.ShardCount; shard++)
            {
                await shards.GenerateAsync(set, shard, ct);
                progress?.Report(new GenerationProgress("storing", set.Id, shard + 1, set.ShardCount));
            }

            ScenarioSetDocument done = await sealer.SealAsync(set.Id, ct);
            AuditEntry entry = act.Entry(AuditActions.Imported, set.Id).With("file", Path.GetFileName(file));
            await audit.AppendAsync(entry, ct);
            return ScenarioSetRef.Of(done);
        }
        catch (Exception e)
        {
            var error = new FieldError(ErrorCodes.BadData, "file", $"the import did not finish: {e.Message}");
            await sets.AbandonAsync(set.Id, ScenarioSetStatus.Failed, [error], CancellationToken.None);
            throw;
        }
    }

    /// <summary>The drivers with their units: from the header, else returns by convention and macro series by what is said.</summary>
    private static Driver[] DriversOf(PathAssembler assembler, SetFileHeader? header, ImportRequest request)
    {
        var known = (header?.Drivers ?? []).Select(d => d.ToDriver()).ToDictionary(d => (d.Kind, d.Id));
        var errors = new List<FieldError>();
        var drivers = new List<Driver>();
        foreach ((DriverKind kind, string id) in assembler.Drivers)
        {
            if (known.TryGetValue((kind, id), out Driver? driver))
                drivers.Add(driver);
            else if (kind != DriverKind.Macro)
                drivers.Add(new Driver(kind, id, Driver.SimpleReturn));
            else if (request.MacroUnits.TryGetValue(id, out string? unit))
                drivers.Add(new Driver(kind, id, unit));
            else
                errors.Add(
                    new(
                        ErrorCodes.Missing,
                        "macro_units",
                        $"macro series '{id}' has no unit; say in what unit its level changes are, e.g. --macro-unit {id}=percent"
                    )
                );
        }

        foreach (string id in request.MacroUnits.Keys.Where(u => !assembler.Drivers.Contains((DriverKind.Macro, u))))
            errors.Add(
                new(
                    ErrorCodes.UnknownValue,
                    "macro_units",
                    $"'{id}' is no macro series of the file{Spelling.Suggest(id, assembler.Drivers.Select(d => d.Id))}"
                )
            );
        return errors.Count == 0 ? [.. drivers] : throw new ScenarioRefusedException(errors);
    }

    /// <summary>An exported file must be what its header says, to the bit.</summary>
    private static void CheckHeader(SetFileHeader header, Driver[] drivers, GivenPaths given)
    {
        var errors = new List<FieldError>();
        if (header.NumPaths != given.NumPaths)
            errors.Add(Mismatch($"{header.NumPaths} paths", $"{given.NumPaths}"));
        if (header.HorizonDays != given.HorizonDays)
            errors.Add(Mismatch($"{header.HorizonDays} steps", $"{given.HorizonDays}"));
        if (header.Drivers.Count != drivers.Length)
            errors.Add(Mismatch($"{header.Drivers.Count} drivers", $"{drivers.Length}"));
        if (errors.Count == 0)
        {
            using var hasher = new ContentHasher(given.NumPaths, given.HorizonDays, drivers);
            var generator = new GivenPathsGenerator(drivers, given);
            int cells = given.HorizonDays * given.Width;
            byte[] digest = new byte[PathDigest.Length];
            for (int path = 0; path < given.NumPaths; path++)
            {
                PathDigest.Compute(given.Values.Slice(path * cells, cells), generator.Describe(path), digest);
                hasher.Append(digest);
            }

            string hash = hasher.Finish();
            if (hash != header.ContentHash)
                errors.Add(
                    new(
                        ErrorCodes.BadData,
                        "file",
                        $"its content has the hash {hash}, its header says {header.ContentHash}: it was altered after the export; remove the header ('{SetFileHeader.Key}') to import it as a hand-made file"
                    )
                );
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        return;

        static FieldError Mismatch(string said, string found) =>
            new(ErrorCodes.BadData, "file", $"its header says {said}, the file holds {found}: it is not whole");
    }

    private async Task<ImportRequest> CompleteAsync(
        ImportRequest request,
        SetFileHeader? header,
        Driver[] drivers,
        CancellationToken ct
    )
    {
        var errors = new List<FieldError>();
        string[] ids = [.. drivers.Where(d => d.Kind == DriverKind.Instrument).Select(d => d.Id)];
        IReadOnlyDictionary<string, string>? known = await instruments.MarketsAsync(ids, ct);
        string[] strangers = known is null ? [] : [.. ids.Where(id => !known.ContainsKey(id))];
        if (strangers.Length > 0)
            errors.Add(
                new(
                    ErrorCodes.UnknownValue,
                    SetFileColumns.Instrument,
                    $"{strangers.Length} instruments are not in instruments: {string.Join(", ", strangers.Take(10))}{(strangers.Length > 10 ? ", …" : "")}; register them first"
                )
            );
        string? name = request.Name ?? (header is null ? null : header.Name + "_IMPORT");
        if (name is null)
            errors.Add(
                new(ErrorCodes.Missing, "name", "is missing; name the lineage, e.g. --name US_EQ_HAND_MADE_10D")
            );
        else if (!RequestResolver.IsName(name))
            errors.Add(
                new(
                    ErrorCodes.OutOfRange,
                    "name",
                    $"'{name}' is not a name; use 1 to 200 letters, digits, '_', '.', '-', starting with a letter or digit"
                )
            );
        DateOnly? asOf = request.AsOfDate ?? header?.AsOfDate;
        if (asOf is null)
            errors.Add(new(ErrorCodes.Missing, "as_of_date", "is missing; give the date the paths stand for"));
        IReadOnlyList<string> markets =
            request.Markets.Count > 0 ? request.Markets
            : header is not null ? header.Markets
            : [.. (known?.Values ?? []).Distinct(StringComparer.Ordinal)];
        if (markets.Count == 0)
            errors.Add(new(ErrorCodes.Missing, "markets", "is missing; name the markets the paths are for"));
        string[] tags = [.. request.Tags.Union(header?.Tags ?? [], StringComparer.Ordinal)];
        if (tags.Length > limits.MaxTags || tags.Any(t => string.IsNullOrWhiteSpace(t) || t.Length > 100))
            errors.Add(
                new(ErrorCodes.OutOfRange, "tags", $"at most {limits.MaxTags} tags of 1 to 100 characters each")
            );
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        bool defensive =
            request.DefensiveTest || header?.DefensiveTest == true || tags.Contains(RequestResolver.DefensiveTag);
        return request with
        {
            Name = name,
            AsOfDate = asOf,
            Markets = [.. markets.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Description = request.Description ?? header?.Description ?? string.Empty,
            DefensiveTest = defensive,
            Tags =
            [
                .. tags.Union(defensive ? [RequestResolver.DefensiveTag] : [], StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
        };
    }

    private ScenarioSetDocument Describe(
        ImportRequest request,
        SetFileHeader? header,
        GivenPaths given,
        GivenPathsGenerator generator,
        string snapshotHash,
        Guid requestId,
        int attempt,
        JsonElement spec,
        Act act
    )
    {
        int Count(DriverKind kind) => generator.Drivers.Count(d => d.Kind == kind);
        DateOnly asOf = request.AsOfDate!.Value;
        bool within = header is not null && header.BaseDateEnd <= asOf;
        return new ScenarioSetDocument
        {
            Id = RequestKey.ScenarioSetId(requestId, attempt),
            RequestId = requestId,
            Attempt = attempt,
            Status = ScenarioSetStatus.Generating,
            Name = request.Name!,
            Description = request.Description!,
            Category = ScenarioCategory.Custom,
            HorizonDays = given.HorizonDays,
            NumPaths = given.NumPaths,
            Markets = request.Markets,
            AsOfDate = asOf,
            BaseDateStart = within ? header!.BaseDateStart : asOf,
            BaseDateEnd = within ? header!.BaseDateEnd : asOf,
            GeneratorSpec = spec,
            Seed = 0,
            Tags = request.Tags,
            DefensiveTest = request.DefensiveTest,
            CreatedAt = time.GetUtcNow(),
            CreatedBy = act.Actor,
            ReturnConvention = header?.ReturnConvention ?? "SIMPLE_PER_STEP",
            Drivers = new DriverCounts(Count(DriverKind.Instrument), Count(DriverKind.Factor), Count(DriverKind.Macro)),
            GeneratorReport = JsonSerializer.SerializeToElement(generator.Report),
            SnapshotHash = snapshotHash,
            NumericVersion = EngineVersion.Numeric,
            EngineVersion = EngineVersion.Product,
            CausationId = act.MessageId,
            ShardCount = ShardPlan.ByCells(given.NumPaths, given.HorizonDays, given.Width, limits.ShardCells).Count,
        };
    }

    /// <summary>The same paths under the same name, date, markets and tags are the same import.</summary>
    private static Guid RequestIdOf(ImportRequest request, string snapshotHash) =>
        NameBasedGuid.Create(
            string.Create(
                CultureInfo.InvariantCulture,
                $"import:{request.Name}:{request.AsOfDate:yyyy-MM-dd}:{string.Join(',', request.Markets)}:{string.Join(',', request.Tags)}:{snapshotHash}"
            )
        );

    private static async Task<JsonElement> SpecOfAsync(
        string file,
        SetFileFormat format,
        SetFileHeader? header,
        CancellationToken ct
    )
    {
        string name = Path.GetFileName(file);
        var spec = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["source"] = GivenPathsSpec.Source,
            ["file"] = name[..Math.Min(name.Length, 200)],
            ["file_sha256"] = await SetExporter.FileHashAsync(file, ct),
            ["format"] = format.ToString().ToLowerInvariant(),
        };
        if (header is not null)
        {
            spec["origin_scenario_set_id"] = header.ScenarioSetId.ToString();
            spec["origin_content_hash"] = header.ContentHash;
        }

        return JsonSerializer.SerializeToElement(spec);
    }
}
