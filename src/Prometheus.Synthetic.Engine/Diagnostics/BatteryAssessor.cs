using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine.Diagnostics;

/// <summary>Judges whether sealed sets together cover what a gate needs, from their stored diagnostics.</summary>
public sealed class BatteryAssessor(SetDiagnosisReader diagnoses)
{
    /// <exception cref="ScenarioRefusedException">No set is given, or one was never sealed or is deleted.</exception>
    public async Task<BatteryReport> AssessAsync(
        IReadOnlyList<ScenarioSetDocument> sets,
        BatteryNeeds needs,
        CancellationToken ct
    )
    {
        if (sets.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "sets",
                "no set matches; a battery needs at least one sealed set"
            );
        var members = new List<BatteryMember>(sets.Count);
        foreach (ScenarioSetDocument set in sets.DistinctBy(s => s.Id))
        {
            SetStates.RequireRecord(set);
            SetDiagnosis diagnosis = await diagnoses.ReadAsync(set, ct);
            members.Add(
                new BatteryMember(set.Id, set.Name, set.Version, set.Category, set.NumPaths, diagnosis.Report?.Coverage)
            );
        }

        return Battery.Assess(members, needs);
    }
}
