package dev.pulso.bench.measure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Runs contenders in turn, so that whatever else the machine does meets all of them alike. In each
 * round a quick one runs more often than a slow one.
 */
public final class InTurn {
  private static final int WARM_UP_RUNS = 3_000;
  private static final int MOST_PER_ROUND = 300;

  private final int rounds;
  private final Duration perRound;
  private final Duration warmUp;

  /**
   * @param rounds how often each gets its turn
   * @param perRound about how long a turn is, unless one run takes longer
   * @param warmUp about how long each runs before it is timed
   */
  public InTurn(int rounds, Duration perRound, Duration warmUp) {
    this.rounds = rounds;
    this.perRound = perRound;
    this.warmUp = warmUp;
  }

  /** Measures them all; the order is that of the contenders. */
  public Map<String, Samples> run(List<Contender> contenders) {
    Map<String, LongStream.Builder> times = new LinkedHashMap<>();
    Map<String, Long> costs = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      times.put(contender.name(), LongStream.builder());
      costs.put(contender.name(), warmUp(contender));
    }
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : round % 2 == 0 ? contenders : contenders.reversed()) {
        long runs = perRound.toNanos() / costs.get(contender.name());
        for (long i = Math.clamp(runs, 1, MOST_PER_ROUND); i > 0; i--) {
          times.get(contender.name()).add(Stopwatch.nanos(contender.task()));
        }
      }
    }
    Map<String, Samples> samples = new LinkedHashMap<>();
    times.forEach((name, all) -> samples.put(name, Samples.of(all.build().toArray())));
    return samples;
  }

  /** What one warm run costs in ns, about. */
  private long warmUp(Contender contender) {
    long begun = System.nanoTime();
    long last = Stopwatch.nanos(contender.task());
    for (int i = 0; i < WARM_UP_RUNS && System.nanoTime() - begun < warmUp.toNanos(); i++) {
      last = Stopwatch.nanos(contender.task());
    }
    return Math.max(1, last);
  }
}
