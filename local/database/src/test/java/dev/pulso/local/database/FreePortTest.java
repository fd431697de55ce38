package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortTest {
  @Test
  void takenPortIsFollowedByAnother() {
    Iterator<Integer> ports = List.of(1, 2, 3).iterator();
    assertThat(FreePort.<Integer, RuntimeException>start(ports::next, FreePortTest::aboveTwo))
        .isEqualTo(3);
  }

  @Test
  void searchEndsWhenAllAreTaken() {
    assertThatThrownBy(() -> FreePort.start(() -> 2, FreePortTest::aboveTwo))
        .isInstanceOf(IllegalStateException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(20));
  }

  @Test
  void otherFailuresEndTheSearch() {
    assertThatThrownBy(
            () ->
                FreePort.start(
                    port -> {
                      throw new NotThisWayException("no library");
                    }))
        .isInstanceOf(NotThisWayException.class);
  }

  private static int aboveTwo(int port) throws PortTakenException {
    if (port <= 2) {
      throw new PortTakenException(port);
    }
    return port;
  }
}
