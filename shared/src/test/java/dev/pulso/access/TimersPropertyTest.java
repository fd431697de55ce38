package dev.pulso.access;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Which clients the limit 1/5s never rejects, however long they poll, and which it does. */
class TimersPropertyTest {
  private static final String LIMIT = "1/5s";
  private static final int POLLS = 5_000;
  private static final long NETWORK_MS = 2_000;

  /** Like a browser: each tick is due at a multiple of the period, plus or minus a small error. */
  @Property(tries = 60)
  void timerWithoutDriftIsNeverRejected(
      @ForAll long seed, @ForAll @LongRange(min = -50, max = 50) long drift) {
    Poller client = new Poller(LIMIT, seed);
    long period = 5_000 + drift;
    assertThat(client.refusedOf(POLLS, n -> 500 + n * period + client.jitter(500), NETWORK_MS))
        .isZero();
  }

  /** Like a loop with a sleep: the errors of all ticks add up, to more than a minute per day. */
  @Property(tries = 60)
  void driftingTimerIsNeverRejected(@ForAll long seed) {
    Poller client = new Poller(LIMIT, seed);
    long[] next = {0};
    assertThat(
            client.refusedOf(
                POLLS,
                n -> {
                  next[0] += n == 0 ? 0 : 5_000 + client.jitter(500);
                  return next[0];
                },
                NETWORK_MS))
        .isZero();
  }

  @Property(tries = 20)
  void earlyTimerIsNeverRejected(@ForAll long seed) {
    Poller client = new Poller(LIMIT, seed);
    assertThat(client.refusedOf(POLLS, n -> n * 4_500, NETWORK_MS)).isZero();
  }

  /** Pages start with two polls at once, and are reloaded now and then. */
  @Property(tries = 60)
  void reloadedPageIsNeverRejected(@ForAll long seed) {
    Poller client = new Poller(LIMIT, seed);
    int perMinute = 13;
    assertThat(
            client.refusedOf(
                POLLS,
                n -> {
                  long inMinute = Math.max(0, n % perMinute - 1);
                  return n / perMinute * 60_000 + inMinute * 5_000 + 500 + client.jitter(500);
                },
                0))
        .isZero();
  }

  @Property(tries = 20)
  void onePollPerSecondIsMostlyRejected(@ForAll long seed) {
    Poller client = new Poller(LIMIT, seed);
    int refused = client.refusedOf(POLLS, n -> n * 1_000, 300);
    assertThat(refused).isBetween(POLLS * 77 / 100, POLLS * 79 / 100);
  }

  @Property(tries = 20)
  void twoTabsShareOneLimit(@ForAll long seed) {
    Poller client = new Poller(LIMIT, seed);
    int refused = client.refusedOf(POLLS, n -> n * 2_500, 300);
    assertThat(refused).isBetween(POLLS * 43 / 100, POLLS * 46 / 100);
    Poller generous = new Poller("2/5s", seed);
    assertThat(generous.refusedOf(POLLS, n -> n * 2_500, 300)).isZero();
  }
}
