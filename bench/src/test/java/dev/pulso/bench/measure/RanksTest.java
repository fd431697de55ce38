package dev.pulso.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RanksTest {
  @Test
  void constantShiftIsDetected() {
    Ranks ranks = Ranks.of(times(10, 11, 12), times(1, 2, 3));
    assertThat(ranks.chance()).isEqualTo(1);
    assertThat(Ranks.of(times(1, 2, 3), times(10, 11, 12)).chance()).isZero();
  }

  @Test
  void equalTimesCountHalf() {
    assertThat(Ranks.of(times(5, 5), times(5, 5)).chance()).isEqualTo(0.5);
    assertThat(Ranks.of(times(1, 2), times(2, 3)).chance()).isEqualTo(0.125);
  }

  @Test
  void noiseIsNotDetected() {
    Ranks ranks = Ranks.of(noise(1, 0), noise(2, 0));
    assertThat(ranks.chance()).isCloseTo(0.5, within(0.02));
    assertThat(Math.abs(ranks.z())).isLessThan(3);
  }

  @Test
  void manySamplesRevealSmallShift() {
    Ranks ranks = Ranks.of(noise(1, 60), noise(2, 0));
    assertThat(ranks.chance()).isBetween(0.52, 0.60);
    assertThat(ranks.z()).isGreaterThan(5);
  }

  private static Samples noise(long seed, long shift) {
    Random random = new Random(seed);
    return Samples.of(
        LongStream.generate(() -> shift + random.nextInt(1_000)).limit(10_000).toArray());
  }

  private static Samples times(long... ns) {
    return Samples.of(ns);
  }
}
