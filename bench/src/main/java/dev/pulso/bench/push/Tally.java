package dev.pulso.bench.push;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What all watchers saw during some time. */
final class Tally {
  /** From the request for a new state to the message with it. */
  final Latencies states = new Latencies();

  /** From each acknowledged change of a busy batch to the first message that includes it. */
  final Latencies counters = new Latencies();

  /** The same where nothing else changed for some seconds. */
  final Latencies calm = new Latencies();

  final LongAdder messages = new LongAdder();
  final LongAdder lost = new LongAdder();

  /** Subscriptions that were answered with an error, and sent again. */
  final LongAdder refused = new LongAdder();

  final LongAdder notConnected = new LongAdder();
  final LongAdder missedStates = new LongAdder();

  private final ConcurrentMap<String, LongAdder> wrong = new ConcurrentHashMap<>();

  /** Notes something that must not happen. */
  void wrong(String what) {
    wrong.computeIfAbsent(what, any -> new LongAdder()).increment();
  }

  /** Returns what must not happen, and how often it did. */
  Map<String, Long> wrong() {
    Map<String, Long> all = new TreeMap<>();
    wrong.forEach((what, times) -> all.put(what, times.sum()));
    return all;
  }
}
