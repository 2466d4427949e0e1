using System.Text.RegularExpressions;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Engine.Configuration;

/// <summary>What every program on one database must agree on: what may be asked, and where the contract relations are.</summary>
public sealed partial record EngineSettings(RequestLimits Limits, StorageOptions Storage)
{
    public static EngineSettings Read(SettingsReader settings) =>
        new(RequestLimits.Read(settings), new StorageOptions { ContractSchema = ContractSchema(settings) });

    private static string ContractSchema(SettingsReader settings)
    {
        string standard = new StorageOptions().ContractSchema;
        string schema = settings.Text("STORAGE__CONTRACTSCHEMA", standard, "a SQL identifier") ?? standard;
        if (!SqlIdentifier().IsMatch(schema))
            settings.Add(
                ErrorCodes.WrongType,
                "STORAGE__CONTRACTSCHEMA",
                $"'{schema}' is no SQL identifier; give lower-case letters, digits and _, at most 63"
            );
        return schema;
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SqlIdentifier();
}
