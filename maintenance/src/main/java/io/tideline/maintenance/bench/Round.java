package io.tideline.maintenance.bench;

import java.time.Duration;

/**
 * What one round measured, or all rounds together.
 *
 * @param took how long it was, the wait for its last answers included
 * @param counts what came of its requests
 * @param throughput answers a second that were as they should be
 * @param response how long requests took from when they were due
 * @param service how long requests took from when they were sent
 * @param lag how long after they were due requests were sent
 * @param histogram the response times in nanoseconds, as HdrHistogram encodes them (compressed,
 *     base64)
 */
public record Round(
    Duration took,
    Counts counts,
    double throughput,
    Latencies response,
    Latencies service,
    Latencies lag,
    String histogram) {}
