package dev.pulso.bench.measure;

/**
 * One of those that are measured against each other.
 *
 * @param name what it is, for people
 * @param task one run of it
 */
public record Contender(String name, Runnable task) {}
