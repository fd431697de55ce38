package dev.pulso.list;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.fixture.Unhurried;
import dev.pulso.list.BatchList.Page;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bson.BsonBinarySubType;
import org.bson.BsonRegularExpression;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.MinKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which cursors lead on, and which are refused. */
class CursorIT extends BatchListWorld {
  @Test
  void cursorAtLongNameOfDeletedBatchIsRefused() {
    String longest = "z".repeat(501);
    fixture.batches(batch("a").append("name", longest), batch("b").append("name", longest));
    Optional<String> cursor = page(BatchOrder.NAME, Accounts.ALL, 1, 0, Optional.empty()).next();
    fixture.db().batches().deleteMany(new Document());
    assertThatThrownBy(() -> page(BatchOrder.NAME, Accounts.ALL, 1, 0, cursor))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessage("cursor stands at a batch that is gone. Begin at the first page.");
  }

  @Test
  void longNamesAreWalked() {
    String longest = "z".repeat(10_000);
    for (int i = 0; i < 4; i++) {
      fixture.batches(batch("b" + i).append("name", i < 3 ? longest : "a"));
    }
    for (BatchOrder order : List.of(BatchOrder.NAME, BatchOrder.NAME_FALLING)) {
      List<Page> pages = pages(order, 1);
      assertThat(pages).allMatch(page -> page.next().orElse("").length() < 200);
      assertThat(pages)
          .as("%s", order)
          .flatExtracting(BatchListWorld::names)
          .hasSize(4)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void walkPassesUuidsWhateverConnectionStringSays() {
    String uri = fixture.settingsForAnotherProcess().mongoUri().orElseThrow();
    uri += (uri.contains("?") ? "&" : "?") + "uuidRepresentation=standard";
    for (int i = 0; i < 3; i++) {
      byte[] bytes = new byte[16];
      bytes[15] = (byte) i;
      Binary uuid = new Binary(BsonBinarySubType.UUID_STANDARD, bytes);
      fixture.batches(batch("b" + i).append("_id", uuid));
    }
    try (Pulso other = fixture.another(uri, Unhurried::unhurried)) {
      List<String> seen = new ArrayList<>();
      Optional<String> cursor = Optional.empty();
      do {
        ListQuery query = query(BatchOrder.NEWEST, Accounts.ALL, 1, 0, cursor);
        Page page = other.services().list().page(query, Deadline.in(LONG));
        page.rows().forEach(row -> seen.add(row.batch().name()));
        cursor = page.next();
      } while (cursor.isPresent());
      assertThat(seen).containsExactly("b2", "b1", "b0");
    }
  }

  @Test
  void cursorOfOtherQueryIsRefused() {
    fixture.batches(batch("a"), batch("b"));
    Accounts own = Accounts.of(Set.of("acc-chile-001"));
    String cursor = page(BatchOrder.NEWEST, own, 1, 0, Optional.empty()).next().orElseThrow();
    List<ListQuery> others =
        List.of(
            query(BatchOrder.NEWEST, Accounts.ALL, 1, 0, Optional.of(cursor)),
            query(BatchOrder.OLDEST, own, 1, 0, Optional.of(cursor)),
            parsed(own, "status", "active", cursor),
            parsed(own, "is_active", "true", cursor),
            parsed(own, "q", "a", cursor),
            query(BatchOrder.NEWEST, own, 1, 0, Optional.of(cursor.substring(1))),
            query(BatchOrder.NEWEST, own, 1, 0, Optional.of("%%%")),
            query(BatchOrder.NEWEST, own, 1, 0, Optional.of("x")));
    for (ListQuery other : others) {
      assertThatThrownBy(() -> list(other))
          .as("%s", other)
          .isInstanceOf(InvalidParameterException.class)
          .hasMessage("cursor must come from a Link of the same query.");
    }
    assertThat(list(parsed(own, "limit", "7", cursor)).rows()).hasSize(1);
  }

  @Test
  void damagedCursorIsRefusedOrHarmless() {
    Random random = new Random(20251015);
    fixture.batches(batch("a"), batch("b").append("_id", new Document("a", List.of(1, "x"))));
    for (BatchOrder order : BatchOrder.values()) {
      Page first = page(order, Accounts.ALL, 1, 0, Optional.empty());
      byte[] cursor = Base64.getUrlDecoder().decode(first.next().orElseThrow());
      for (int i = 0; i < 200; i++) {
        byte[] damaged = cursor.clone();
        damaged[random.nextInt(cursor.length)] = (byte) random.nextInt(256);
        String text = Base64.getUrlEncoder().encodeToString(damaged);
        try {
          page(order, Accounts.ALL, 1, 0, Optional.of(text));
        } catch (InvalidParameterException e) {
          assertThat(e).hasMessageStartingWith("cursor ");
        }
      }
    }
  }

  /** Arrays in place of counters, or of one of them: rows are sorted by the greatest element. */
  @ParameterizedTest
  @EnumSource(names = {"LAST_ACTIVITY", "PENDING", "COST"})
  void cursorAtDamagedCountersLeadsOn(BatchOrder order) {
    List<Object> damaged =
        List.of(
            List.of(figures(3)),
            List.of(figures(3), figures(1)),
            List.of(figures(1), figures("text")),
            figures(List.of(4, 2)),
            List.of(figures(List.of(2))),
            figures(3));
    for (int i = 0; i < 6; i++) {
      Date later = Date.from(Lenient.AFTER_LAST_YEAR.minusSeconds(1));
      fixture.batches(pulso("b" + i, figures(i), later), pulso("odd" + i, damaged.get(i), later));
    }
    for (int limit : List.of(1, 2, 5)) {
      List<String> seen = new ArrayList<>();
      Optional<String> cursor = Optional.empty();
      do {
        Page page = page(order, Accounts.ALL, limit, 0, cursor);
        page.rows().forEach(row -> seen.add(row.batch().name()));
        cursor = page.next();
      } while (cursor.isPresent() && seen.size() < 20);
      assertThat(seen).as("by %d", limit).hasSize(12).doesNotHaveDuplicates();
    }
  }

  private static Document pulso(String name, Object figures, Date due) {
    return batch(name).append("pulso", new Document("figures", figures).append("due_at", due));
  }

  /** Counters that are all the same number, or a time of as many milliseconds. */
  private static Document figures(Object number) {
    Object time =
        number instanceof List<?> list
            ? list.stream().map(one -> new Date((Integer) one)).toList()
            : number instanceof Integer ms ? new Date(ms) : new BsonTimestamp(1);
    return new Document("total", 10L)
        .append("pending", number)
        .append("cents", number)
        .append("last_activity_at", time);
  }

  @Test
  void deepCursorIsRefused() {
    fixture.batches(batch("a"), batch("b"));
    for (BatchOrder order : BatchOrder.values()) {
      ListQuery query = query(order, Accounts.ALL, 1, 0, Optional.empty());
      Cursor first = Cursor.decoded(list(query).next().orElseThrow(), query);
      for (int levels : new int[] {100, 101, 170, 500}) {
        for (Object deep : List.of(deep(levels, false), deep(levels, true))) {
          String made = new Cursor(first.value(), deep).encoded(query);
          ListQuery next = query(order, Accounts.ALL, 1, 0, Optional.of(made));
          if (levels <= 100) {
            assertThat(list(next).rows()).hasSizeLessThan(2);
          } else {
            assertThatThrownBy(() -> list(next)).isInstanceOf(InvalidParameterException.class);
          }
        }
      }
    }
  }

  /** A long name is read by the _id, which must not become an operator then. */
  @ParameterizedTest
  @MethodSource
  void forgedIdIsRefused(Object id) {
    fixture.batches(batch("a").append("_id", "a"), batch("b").append("_id", "b"));
    ListQuery query = query(BatchOrder.NAME, Accounts.ALL, 1, 0, Optional.empty());
    String forged = new Cursor(new MinKey(), id).encoded(query);
    assertThatThrownBy(() -> page(BatchOrder.NAME, Accounts.ALL, 1, 0, Optional.of(forged)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageStartingWith("cursor ");
  }

  static List<Object> forgedIdIsRefused() {
    return List.of(
        new Document("$foo", 1),
        new Document("$gt", ""),
        new Document("$ref", 1),
        new Document("$expr", new Document("$foo", 1)),
        new BsonRegularExpression("."),
        new BsonUndefined(),
        List.of("a", new BsonUndefined()),
        new MinKey());
  }

  private static Object deep(int levels, boolean isList) {
    Object deep = 1;
    for (int i = 0; i < levels; i++) {
      deep = isList ? List.of(deep) : new Document("a", deep);
    }
    return deep;
  }

  private static ListQuery parsed(Accounts accounts, String name, String value, String cursor) {
    Map<String, String> parameters = Map.of(name, value, "cursor", cursor);
    return ListQuery.parse(accounts, any -> Optional.ofNullable(parameters.get(any)));
  }
}
