namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>What the four witnesses of a set's content say.</summary>
/// <param name="Record">The record's own hash.</param>
/// <param name="Manifest">Combined from the digests that were stored with the shards.</param>
/// <param name="Fresh">Of what was recomputed; null when nothing could be.</param>
/// <param name="Stored">Of the stored rows; null for an evicted set.</param>
internal sealed record ContentHashes(string Record, string Manifest, string? Fresh, string? Stored);

/// <summary>The verdict as a pure function of what the witnesses say: who stands alone was altered.</summary>
internal static class VerificationVerdict
{
    /// <param name="strangers">Rows are stored that belong to no path or driver.</param>
    /// <param name="snapshotDamaged">Nothing could be recomputed because the snapshot is missing or altered.</param>
    /// <param name="made">Numeric version that made the set.</param>
    /// <param name="now">Numeric version of this engine.</param>
    public static VerificationOutcome Of(ContentHashes h, bool strangers, bool snapshotDamaged, int made, int now)
    {
        if (strangers)
            return VerificationOutcome.StoredRowsDiffer;
        // Rows and manifest that agree, against a record whose hash nobody can make, speak against the record.
        if (h.Stored is not null && h.Stored != h.Record)
            return h.Stored == h.Manifest && h.Fresh != h.Record
                ? VerificationOutcome.RecordDamaged
                : VerificationOutcome.StoredRowsDiffer;
        if (h.Manifest != h.Record)
            return VerificationOutcome.RecordDamaged;
        if (snapshotDamaged)
            return VerificationOutcome.SnapshotDamaged;
        if (h.Fresh == h.Record)
            return VerificationOutcome.Verified;
        return made.CompareTo(now) switch
        {
            < 0 => VerificationOutcome.OlderNumerics,
            > 0 => VerificationOutcome.NewerNumerics,
            _ => VerificationOutcome.NotReproduced,
        };
    }
}
