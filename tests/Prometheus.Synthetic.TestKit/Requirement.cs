using System.Diagnostics.CodeAnalysis;

namespace Prometheus.Synthetic.TestKit;

/// <summary>
/// What a test needs from its surroundings. On a laptop a test that cannot have it skips; with CI=true it fails, so that
/// nothing goes unnoticed where everything ought to be there.
/// </summary>
public static class Requirement
{
    public static bool IsCi => Environment.GetEnvironmentVariable("CI") is "true" or "1" or "True";

    /// <summary>Long suites run only when asked for: <c>./synthetic test --faults</c>.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("SYNTHETIC_LONG") is "1" or "true";

    /// <summary>Skips this test, or fails it with CI=true.</summary>
    /// <param name="reason">What is missing and how to get it.</param>
    [DoesNotReturn]
    public static void Missing(string reason) =>
        throw (IsCi ? new InvalidOperationException($"Missing, and CI=true: {reason}") : new SkipTest(reason));

    /// <summary>Skips this test everywhere: it is about surroundings that are optional even in CI.</summary>
    [DoesNotReturn]
    public static void OptionalMissing(string reason) => throw new SkipTest(reason);

    /// <summary>Skips this test unless the long suites were asked for.</summary>
    public static void LongSuite()
    {
        if (!IsLong)
            throw new SkipTest("a long suite: ./synthetic test --faults");
    }

    /// <summary>xunit v3 skips a running test on an exception whose message begins with this token.</summary>
    [SuppressMessage("Design", "CA1032", Justification = "Thrown here only.")]
    [SuppressMessage("Design", "CA1064", Justification = "Caught by the test runner by its message.")]
    private sealed class SkipTest(string reason) : Exception("$XunitDynamicSkip$" + reason);
}
