package dev.pulso.bench.report;

import dev.pulso.bench.measure.Samples;

/**
 * One line of the table: how long something took.
 *
 * @param suite which measurement it belongs to
 * @param jobs size of the installation
 * @param what what was measured
 * @param ours whether it is Pulso's way; else somebody's else
 * @param samples the times
 */
public record Row(String suite, long jobs, String what, boolean ours, Samples samples) {}
