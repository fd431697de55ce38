package dev.pulso.bench.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Runs contenders in turn, so that other load on the machine affects all alike. In each round a
 * fast one runs more often than a slow one.
 */
public final class InTurn {
  private static final int MOST_PER_ROUND = 300;

  private final Pace pace;
  private final BiConsumer<String, Samples> result;
  private final Map<String, Runnable> contenders = new LinkedHashMap<>();

  /**
   * How long they run.
   *
   * @param rounds number of turns of each contender
   * @param perRound approximate duration of a turn; at least one run
   * @param warmUpRuns maximum runs before measuring
   * @param warmUp maximum time before measuring
   */
  record Pace(int rounds, Duration perRound, int warmUpRuns, Duration warmUp) {}

  InTurn(Pace pace, BiConsumer<String, Samples> result) {
    this.pace = pace;
    this.result = result;
  }

  /** Adds a contender. */
  public InTurn with(String name, Runnable task) {
    contenders.put(name, task);
    return this;
  }

  /** Measures and reports all. */
  public Map<String, Samples> run() {
    Map<String, List<Long>> times = new LinkedHashMap<>();
    Map<String, Integer> runs = new LinkedHashMap<>();
    contenders.forEach(
        (name, task) -> {
          times.put(name, new ArrayList<>());
          long perRun = Math.max(1, warmUp(task));
          runs.put(name, Math.clamp(pace.perRound().toNanos() / perRun, 1, MOST_PER_ROUND));
        });
    List<String> order = new ArrayList<>(contenders.keySet());
    for (int round = 0; round < pace.rounds(); round++) {
      for (String name : round % 2 == 0 ? order : order.reversed()) {
        for (int i = 0; i < runs.get(name); i++) {
          times.get(name).add(Samples.nanos(contenders.get(name)));
        }
      }
    }
    Map<String, Samples> samples = new LinkedHashMap<>();
    times.forEach((name, all) -> samples.put(name, Samples.of(all)));
    samples.forEach(result);
    return samples;
  }

  /** Returns the duration of a warm run in ns. */
  private long warmUp(Runnable task) {
    long begun = System.nanoTime();
    long last = Samples.nanos(task);
    for (int i = 1;
        i < pace.warmUpRuns() && System.nanoTime() - begun < pace.warmUp().toNanos();
        i++) {
      last = Samples.nanos(task);
    }
    return last;
  }
}
