package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many attempts run at once, and for whom there is room. */
class RoomTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void fullRoomAdmitsNobody() throws InterruptedException {
    Room room = new Room(NEVER);
    List<Room.Place> all = fill(room, "wh_a", Room.FOR_NEW);
    room.look();
    assertThat(tryEnter(room, "wh_b")).isEmpty();
    all.getFirst().leave();
    fill(room, "wh_b", 1);
  }

  @Test
  void newReceiversLeaveRoomForQuickOnes() throws InterruptedException {
    Room room = new Room(Duration.ofMillis(20));
    makeQuick(room, "wh_quick");
    enterMany(room, 460);
    assertThat(tryEnter(room, "wh_new")).isEmpty();
    fill(room, "wh_quick", 1);
  }

  @Test
  void attemptsThatBecomeSlowGiveWay() throws InterruptedException {
    Room room = new Room(Duration.ZERO);
    List<Room.Place> slow = fill(room, "wh_a", Room.FOR_NEW);
    assertThat(tryEnter(room, "wh_b")).isEmpty();
    room.look();
    fill(room, "wh_b", 1);
    slow.forEach(Room.Place::leave);
    fill(room, "wh_c", Room.FOR_NEW - 1);
    assertThat(tryEnter(room, "wh_d")).isEmpty();
  }

  @Test
  void slowReceiversShareSmallPart() throws InterruptedException {
    Room room = new Room(Duration.ZERO);
    fill(room, "wh_a", 1).getFirst().leave();
    fill(room, "wh_a", Room.FOR_SLOW);
    assertThat(tryEnter(room, "wh_a")).isEmpty();
    fill(room, "wh_b", 1);
  }

  @Test
  void quickAnswerEndsSlowness() throws InterruptedException {
    Room room = new Room(Duration.ofMillis(200));
    Room.Place slow = fill(room, "wh_a", 1).getFirst();
    while (!room.isSlow("wh_a")) {
      room.look();
    }
    slow.leave();
    assertThat(room.isSlow("wh_a")).isTrue();
    makeQuick(room, "wh_a");
  }

  @Test
  void unknownReceiverGetsOneAttempt() throws InterruptedException {
    Room room = new Room(NEVER);
    assertThat(room.atOnce("wh_a")).isEqualTo(1);
    fill(room, "wh_a", 1).getFirst().leave();
    assertThat(room.atOnce("wh_a")).isEqualTo(4);
  }

  @Test
  void connectionsAreLimitedAltogether() throws InterruptedException {
    assertThat(enterMany(new Room(Duration.ZERO), 300)).isEqualTo(Room.FOR_NEW + Room.GIVEN_BY_NEW);
  }

  /** Lets new receivers in that hang, if there is room; returns how many are in. */
  private static int enterMany(Room room, int many) throws InterruptedException {
    int running = 0;
    for (int i = 0; i < many; i++) {
      Optional<Room.Place> place = tryEnter(room, "wh_" + i);
      running += place.isPresent() ? 1 : 0;
      room.look();
    }
    return running;
  }

  private static void makeQuick(Room room, String webhook) throws InterruptedException {
    do {
      // On a busy machine, even this can be slow.
      fill(room, webhook, 1).getFirst().leave();
    } while (room.isSlow(webhook));
  }

  private static Optional<Room.Place> tryEnter(Room room, String webhook)
      throws InterruptedException {
    return room.enter(webhook, Deadline.in(Duration.ofMillis(20)));
  }

  /** Lets in so many, for which there is room. */
  private static List<Room.Place> fill(Room room, String webhook, int many)
      throws InterruptedException {
    List<Room.Place> places = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      places.add(room.enter(webhook, Deadline.in(SOON)).orElseThrow());
    }
    return places;
  }
}
