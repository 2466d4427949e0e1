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
/// verified, evicted and rehydrated like every other set. The file is read twice: what it holds first, then its paths chunk
/// by chunk into one transaction, which ends when all of it was found right. Memory is bounded by the chunk.
/// </summary>
public sealed class SetImporter(
    InstrumentRegister instruments,
    SnapshotStore snapshots,
    ScenarioSetStore sets,
    SetSealer sealer,
    ShardGenerator shards,
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
        await using SetFile source = await SetFile.OpenAsync(file, ct);
        var errors = new RowErrors();
        var survey = new FileSurvey(limits, errors);
        SetFileHeader? header = await source.ReadAsync(survey, ct);
        survey.Finish();
        if (errors.Any)
            await FindRepeatedAsync(source, survey, errors, ct);
        var shape = FileShape.Of(survey, DriverUnits.Of(survey.FileDrivers.Canonical, header, request.MacroUnits));
        if (header is not null)
            HeaderCheck.Shape(header, shape);
        ImportRequest complete = await CompleteAsync(request, header, shape.Drivers, ct);

        (ScenarioSetDocument? same, ChunkedPaths given, string snapshotHash) = await LoadAsync(
            source,
            survey,
            shape,
            header,
            complete,
            progress,
            ct
        );
        if (same is not null)
            return ScenarioSetRef.Of(same, existed: true);
        Guid requestId = RequestIdOf(complete, snapshotHash);
        ScenarioSetDocument? earlier = await sets.FindByRequestAsync(requestId, ct);
        if (earlier?.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted)
            return ScenarioSetRef.Of(earlier, existed: true);
        ScenarioSetDocument set = Describe(
            complete,
            header,
            shape,
            new GivenPathsGenerator(shape.Drivers, given),
            snapshotHash,
            requestId,
            Attempts.Next(earlier),
            await SpecOfAsync(file, source, header, ct),
            act
        );
        set = await sets.OpenAsync(set, shape.Drivers, ct);
        return await StoreAsync(set, file, act, progress, ct);
    }

    /// <summary>Stores the paths and their snapshot, or finds the set that has them; either whole or not at all.</summary>
    private async Task<(ScenarioSetDocument? Same, ChunkedPaths Given, string SnapshotHash)> LoadAsync(
        SetFile source,
        FileSurvey survey,
        FileShape shape,
        SetFileHeader? header,
        ImportRequest request,
        IProgress<GenerationProgress>? progress,
        CancellationToken ct
    )
    {
        await using SnapshotImport import = await snapshots.ImportAsync(ct);
        using var load = new GivenPathLoad(shape, import, progress is null ? null : new LoadProgress(progress, shape));
        (ChunkedPaths given, string contentHash) = await load.RunAsync(source, survey, new RowErrors(), ct);
        if (header is not null)
            HeaderCheck.Content(header, contentHash);
        if (await SameAsync(request, contentHash, ct) is { } same)
            return (same, given, same.SnapshotHash);
        var snapshot = new CalibrationSnapshot(request.AsOfDate!.Value, new ShockPanel(shape.Drivers, [], []))
        {
            Given = given,
        };
        return (null, given, await import.CommitAsync(snapshot, ct));
    }

    /// <summary>Rows were refused; says in the same answer which cells are given twice.</summary>
    /// <exception cref="ScenarioRefusedException">Always.</exception>
    private async Task FindRepeatedAsync(SetFile source, FileSurvey survey, RowErrors errors, CancellationToken ct)
    {
        var shape = FileShape.Of(survey, DriverUnits.Unchecked(survey.FileDrivers.Canonical));
        await using SnapshotImport import = await snapshots.ImportAsync(ct);
        using var load = new GivenPathLoad(shape, import);
        await load.RunAsync(source, survey, errors, ct);
    }

    /// <summary>The same paths under the same name, date, markets and tags are the same import, whenever it was made.</summary>
    private async Task<ScenarioSetDocument?> SameAsync(
        ImportRequest request,
        string contentHash,
        CancellationToken ct
    ) =>
        (await sets.VersionsAsync(request.Name!, ct)).FirstOrDefault(s =>
            s.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted
            && s.ContentHash == contentHash
            && s.AsOfDate == request.AsOfDate
            && s.Markets.SequenceEqual(request.Markets, StringComparer.Ordinal)
            && s.Tags.SequenceEqual(request.Tags, StringComparer.Ordinal)
            && GivenPathsSpec.Is(s.GeneratorSpec)
        );

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

    private async Task<ImportRequest> CompleteAsync(
        ImportRequest request,
        SetFileHeader? header,
        IReadOnlyList<Driver> drivers,
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
        FileShape shape,
        GivenPathsGenerator generator,
        string snapshotHash,
        Guid requestId,
        int attempt,
        JsonElement spec,
        Act act
    )
    {
        int Count(DriverKind kind) => shape.Drivers.Count(d => d.Kind == kind);
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
            HorizonDays = shape.HorizonDays,
            NumPaths = shape.NumPaths,
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
            ShardCount = ShardPlan.ByCells(shape.NumPaths, shape.HorizonDays, shape.Width, limits.ShardCells).Count,
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
        SetFile source,
        SetFileHeader? header,
        CancellationToken ct
    )
    {
        string name = Path.GetFileName(file);
        var spec = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["source"] = GivenPathsSpec.Source,
            ["file"] = name[..Math.Min(name.Length, 200)],
            ["file_sha256"] = await source.HashAsync(ct),
            ["format"] = source.Format.ToString().ToLowerInvariant(),
        };
        if (header is not null)
        {
            spec["origin_scenario_set_id"] = header.ScenarioSetId.ToString();
            spec["origin_content_hash"] = header.ContentHash;
        }

        return JsonSerializer.SerializeToElement(spec);
    }

    /// <summary>Chunks as progress of the import; at once, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class LoadProgress(IProgress<GenerationProgress> progress, FileShape shape) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new GenerationProgress("loading", null, value, shape.Chunks));
    }
}
