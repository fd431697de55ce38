package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private static final long INTERVAL = BatchFeed.COUNTERS_NANOS;

  @Test
  void nobodyWaitsLongerForCountersAfterAHandover() {
    long now = System.nanoTime();
    Map<String, Sent> told =
        Map.of(
            "long ago", new Sent(1, "active", now - 2 * INTERVAL),
            "just now", new Sent(1, "active", now));
    Handover left = new Handover(told, Optional.of(Instant.EPOCH));
    Map<String, Sent> taken = Handover.of(left.document()).told();
    assertThat(taken.get("long ago").isOlderThan(INTERVAL)).isTrue();
    assertThat(taken.get("just now").isOlderThan(INTERVAL * 100)).isFalse();
  }

  @Test
  void aDamagedHandoverIsNone() {
    Document told = new Document("of", "x").append("digest", 5L).append("state", "active");
    assertThat(Handover.of(handover(List.of(told))).told()).containsKey("x");
    for (Object damaged :
        Arrays.asList(
            "x",
            null,
            new Document("of", "x").append("digest", 5).append("state", "active"),
            new Document("of", 5).append("digest", 5L).append("state", "active"),
            new Document("of", "x").append("digest", 5L))) {
      assertThat(Handover.of(handover(Arrays.asList(told, damaged)))).isEqualTo(Handover.NONE);
    }
    assertThat(Handover.of(handover("x"))).isEqualTo(Handover.NONE);
    assertThat(Handover.of(handover(List.of(told)).append("lists_since", "x")))
        .isEqualTo(Handover.NONE);
    assertThat(Handover.of("x")).isEqualTo(Handover.NONE);
  }

  @Test
  void clientsTakeNoRoomOfSubjects() {
    Map<String, Sent> told =
        IntStream.range(0, 20_000 + 2_000)
            .boxed()
            .collect(Collectors.toMap(String::valueOf, i -> new Sent(i, "active")));
    assertThat(new Handover(told, Optional.of(Instant.EPOCH)).document()).isNotEmpty();
  }

  private static Document handover(Object told) {
    return new Document("told", told).append("lists_since", new Date());
  }
}
