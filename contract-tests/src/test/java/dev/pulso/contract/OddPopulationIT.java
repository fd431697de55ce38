package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever stands in the database, and whoever changes it: the handlers answer what counting by
 * hand gives.
 */
class OddPopulationIT {
  private static final Duration SETTLES = Duration.ofSeconds(15);
  private static final int ROUNDS = 10;

  @ParameterizedTest(name = "seed {0}, {1}, indexed: {2}")
  @CsvSource({"1,UTC,true", "2,America/Santiago,true", "3,Asia/Kolkata,false"})
  void answersEqualHandCounts(long seed, String zoneName, boolean indexed) {
    ZoneId zone = ZoneId.of(zoneName);
    Map<String, String> environment = Map.of("DASHBOARD_TIMEZONE", zoneName);
    try (ContractDatabase database = ContractDatabase.openBare(environment)) {
      OddPopulation population = new OddPopulation(seed, database, midnight(database, zone));
      population.upload(20, 600);
      if (indexed) {
        database.pulso().makeIndexes();
      }
      firstLookIsExact(database, zone);
      population.change(120);
      settles(database, zone);
      population.change(60);
      summariesAreExactAtOnce(database);
    }
  }

  private static Instant midnight(ContractDatabase database, ZoneId zone) {
    return database.db().now().atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }

  private static void firstLookIsExact(ContractDatabase database, ZoneId zone) {
    assertThat(database.api().overview().ok().headers())
        .containsEntry("Pulso-Counting", "complete");
    isExact(database, zone);
  }

  /** Polled all the time, as clients do, with upkeep at work. */
  private static void settles(ContractDatabase database, ZoneId zone) {
    long end = System.nanoTime() + SETTLES.toNanos();
    // On a busy machine a round takes seconds. A day may end meanwhile.
    for (int i = 0;
        !answered(database).equals(byHand(database, midnight(database, zone)))
            && (i < ROUNDS || System.nanoTime() < end);
        i++) {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      database.pulso().runUpkeep(Duration.ofSeconds(5));
    }
    isExact(database, zone);
  }

  /** Asks again where a day ended between answers and counts. */
  private static void isExact(ContractDatabase database, ZoneId zone) {
    Instant midnight = midnight(database, zone);
    List<Object> answered = answered(database);
    if (midnight.equals(midnight(database, zone))) {
      assertThat(answered).isEqualTo(byHand(database, midnight));
    } else {
      isExact(database, zone);
    }
  }

  private static void summariesAreExactAtOnce(ContractDatabase database) {
    Oracle oracle = new Oracle(database);
    List<Document> batches = database.db().batches().find().into(new ArrayList<>());
    assertThat(batches).isNotEmpty();
    for (Document batch : batches) {
      Reply summary = database.api().summary(batch.getObjectId("_id").toHexString()).ok();
      assertThat(Oracle.Figures.of(summary, "completion_rate"))
          .as(batch.toJson())
          .isEqualTo(oracle.batch(batch));
    }
  }

  private static List<Object> byHand(ContractDatabase database, Instant midnight) {
    Oracle oracle = new Oracle(database);
    List<Object> figures = new ArrayList<>();
    for (Document batch : database.db().batches().find().sort(new Document("_id", 1))) {
      figures.add(batch.get("_id") + ": " + oracle.batch(batch));
    }
    figures.add(oracle.overview(Optional.empty(), midnight));
    for (String account : OddDocuments.ACCOUNTS) {
      figures.add(oracle.overview(Optional.of(account), midnight));
    }
    return figures;
  }

  private static List<Object> answered(ContractDatabase database) {
    List<Object> figures = new ArrayList<>();
    for (Document batch : database.db().batches().find().sort(new Document("_id", 1))) {
      Reply status = database.api().status(batch.getObjectId("_id").toHexString()).ok();
      figures.add(batch.get("_id") + ": " + Oracle.Figures.of(status, "progress_percentage"));
    }
    figures.add(Oracle.overview(database.api().overview().ok()));
    for (String account : OddDocuments.ACCOUNTS) {
      figures.add(Oracle.overview(database.api().overview(account).ok()));
    }
    return figures;
  }
}
