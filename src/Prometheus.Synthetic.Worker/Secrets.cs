using Microsoft.Extensions.Configuration;

namespace Prometheus.Synthetic.Worker;

/// <summary>Secrets come from the environment, or from a file that the environment names; they are never logged.</summary>
public static class Secrets
{
    /// <exception cref="WorkerConfigurationException">Neither the value nor a file is configured.</exception>
    public static string Required(IConfiguration configuration, string key, string what)
    {
        if (configuration[key] is { Length: > 0 } value)
            return value;
        if (configuration[key + "_FILE"] is { Length: > 0 } file)
            return File.ReadAllText(file).Trim();
        throw new WorkerConfigurationException(
            $"SYNTHETIC_{key} is not set: give {what}, or SYNTHETIC_{key}_FILE naming a file that holds it."
        );
    }
}
