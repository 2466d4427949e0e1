using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>What a verification says.</summary>
public enum VerificationOutcome
{
    /// <summary>Fresh, stored (where there are rows) and record agree to the bit.</summary>
    Verified,

    /// <summary>The stored rows are not what was sealed: somebody or something changed them.</summary>
    StoredRowsDiffer,

    /// <summary>
    /// The rows (or, of an evicted set, the recomputed paths) are innocent: the record's hash or its manifest was altered.
    /// </summary>
    RecordDamaged,

    /// <summary>The stored rows are what was sealed, but this engine of the same numeric version makes others: a defect.</summary>
    NotReproduced,

    /// <summary>The stored rows are what was sealed, by an older numeric version whose bytes this one no longer makes. Old, not corrupt.</summary>
    OlderNumerics,

    /// <summary>The stored rows are what was sealed, by a later numeric version than this engine has: verify it with that one.</summary>
    NewerNumerics,

    /// <summary>The stored rows are what was sealed, but the calibration snapshot is missing or altered, so nothing can be recomputed.</summary>
    SnapshotDamaged,
}

/// <summary>The first place where two of the three differ.</summary>
/// <param name="Between">What differs from what, e.g. <c>stored rows and record</c>.</param>
/// <param name="Path">Path number, or null when the difference is not in a path.</param>
/// <param name="Driver">Id of the driver, or null.</param>
/// <param name="Step">Step 1..H, or null.</param>
/// <param name="Expected">What the record vouches for, in round-trip form.</param>
/// <param name="Found">What is there instead.</param>
/// <param name="Problem">What cannot be said in numbers.</param>
public sealed record FirstDifference(
    string Between,
    int? Path = null,
    string? Driver = null,
    int? Step = null,
    string? Expected = null,
    string? Found = null,
    string? Problem = null
)
{
    public override string ToString()
    {
        string where = string.Join(
            ", ",
            new[]
            {
                Path is { } p ? $"path {p}" : null,
                Driver is { } d ? $"driver {d}" : null,
                Step is { } s ? $"step {s}" : null,
            }.Where(x => x is not null)
        );
        string what = Problem ?? $"expected {Expected}, found {Found}";
        return $"{Between} differ{(where.Length > 0 ? " first at " + where : string.Empty)}: {what}";
    }
}

/// <summary>The whole answer to "would you get it again?".</summary>
/// <param name="RecordedHash">Content hash in the record.</param>
/// <param name="FreshHash">Content hash of what was recomputed now; null when it could not be.</param>
/// <param name="StoredHash">Content hash of the stored rows; null for an evicted set.</param>
/// <param name="SetNumericVersion">Numeric version that made the set.</param>
public sealed record VerificationReport(
    Guid ScenarioSetId,
    string Name,
    int Version,
    ScenarioSetStatus Status,
    VerificationOutcome Outcome,
    string RecordedHash,
    string? FreshHash,
    string? StoredHash,
    FirstDifference? FirstDifference,
    int SetNumericVersion,
    int NumericVersion,
    string EngineVersion,
    DateTimeOffset VerifiedAt,
    long Cells,
    double Seconds
)
{
    /// <summary>Whether nothing is wrong: verified, or merely of another numeric version.</summary>
    public bool IsSound =>
        Outcome
            is VerificationOutcome.Verified
                or VerificationOutcome.OlderNumerics
                or VerificationOutcome.NewerNumerics;

    /// <summary>The answer in one sentence.</summary>
    public string Sentence =>
        Outcome switch
        {
            VerificationOutcome.Verified when StoredHash is null =>
                "verified: recomputed paths agree with the record to the bit (the paths themselves are evicted)",
            VerificationOutcome.Verified => "verified: recomputed paths, stored rows and record agree to the bit",
            VerificationOutcome.StoredRowsDiffer =>
                $"CORRUPT: the stored rows are not what was sealed; {FirstDifference}",
            VerificationOutcome.RecordDamaged =>
                $"RECORD DAMAGED: the record is not what was sealed; {FirstDifference}",
            VerificationOutcome.NotReproduced =>
                $"NOT REPRODUCED: the stored rows are as sealed, the engine makes others; {FirstDifference}",
            VerificationOutcome.OlderNumerics =>
                $"old, not corrupt: made by numeric version {SetNumericVersion}, this engine has {NumericVersion} and makes other bytes"
                    + (StoredHash is null ? "; the paths are evicted" : "; the stored rows are as sealed"),
            VerificationOutcome.NewerNumerics =>
                $"not for this engine: made by numeric version {SetNumericVersion}, this engine has {NumericVersion} and makes other bytes"
                    + (StoredHash is null ? "; the paths are evicted" : "; the stored rows are as sealed"),
            _ => $"the calibration snapshot is damaged, nothing can be recomputed; {FirstDifference?.Problem}",
        };
}

/// <summary>How far a verification is.</summary>
public sealed record VerificationProgress(Guid ScenarioSetId, string Name, int RangesDone, int RangesTotal);
