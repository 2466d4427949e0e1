using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Generation;

/// <summary>All a saga knows of one generation. Immutable: a decision returns the next one.</summary>
public sealed record GenerationProgress
{
    /// <summary>The message that began it; kept so that a further attempt can be planned.</summary>
    public required StartScenarioSetGeneration Start { get; init; }

    public required GenerationStage Stage { get; init; }

    /// <summary>1, and one more after each failed or cancelled attempt.</summary>
    public required int Attempt { get; init; }

    public Guid? ScenarioSetId { get; init; }

    public int ShardsTotal { get; init; }

    public int PathsTotal { get; init; }

    /// <summary>Shards reported stored: a set and not a counter, so that a duplicate changes nothing.</summary>
    public IReadOnlyList<int> ShardsDone { get; init; } = [];

    public IReadOnlyList<GenerationError> Errors { get; init; } = [];

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Refreshes that this generation is a part of; each is told how it ended.</summary>
    public IReadOnlyList<Guid> Parents { get; init; } = [];

    /// <summary>Ids of the messages that asked: a copy of one begins nothing again.</summary>
    public IReadOnlyList<Guid> Seen { get; init; } = [];

    /// <summary>What was said of the attempt that ended last without a set.</summary>
    public ScenarioSetGenerationFailed? Failure { get; init; }

    /// <summary>When the message that began it last came again; the reconciler gives each try its time.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    /// <summary>When the generation last got further; the reconciler looks at it.</summary>
    public required DateTimeOffset ProgressedAt { get; init; }
}
