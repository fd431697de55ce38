package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An overview adds up exactly what its caller may see. */
class VisibleSumsIT {
  private final ContractDatabase database = ContractDatabase.openBare(ContractDatabase.GUARDED);

  @AfterEach
  void close() {
    database.close();
  }

  /** Every number of jobs is a power of two, so that a sum shows its parts. */
  @Test
  void jobsCountByTheirOwnAccount() {
    database.batch(batch("own").append("account_id", "mine"));
    database.batch(batch("foreign").append("account_id", "theirs"));
    database.batch(batch("shared").append("account_id", List.of("mine", "theirs")));
    database.batch(batch("odd").append("account_id", 5));
    Document nobodys = batch("nobodys");
    nobodys.remove("account_id");
    database.batch(nobodys);
    pending(1, "own", "mine");
    pending(2, "own", "theirs");
    pending(4, "own", null);
    pending(8, "foreign", "mine");
    pending(16, "foreign", "theirs");
    pending(32, "nobodys", "mine");
    pending(64, "deleted", "mine");
    pending(128, null, "mine");
    pending(256, null, null);
    pending(512, "odd", 5);
    pending(1024, "shared", List.of("mine", "theirs"));

    Reply mine = overview(Set.of("mine"), Optional.empty());
    assertThat(mine.count("metrics.pending_jobs")).isEqualTo(1 + 8 + 32 + 64 + 128);
    assertThat(mine.count("metrics.active_batches")).isEqualTo(1);
    assertThat(mine.count("detailed_stats.batches.total_jobs")).isEqualTo(1 + 2 + 4);

    Reply both = overview(Set.of("mine", "theirs"), Optional.empty());
    assertThat(both.count("metrics.pending_jobs")).isEqualTo(1 + 2 + 8 + 16 + 32 + 64 + 128);
    assertThat(both.count("metrics.active_batches")).isEqualTo(2);

    Reply nothing = overview(Set.of(), Optional.empty());
    assertThat(nothing.count("metrics.pending_jobs")).isZero();
    assertThat(nothing.count("metrics.active_batches")).isZero();

    Reply all = as("scope", "pulso:read pulso:all-accounts").overview().ok();
    assertThat(all.count("metrics.pending_jobs")).isEqualTo(2047);
    assertThat(all.count("metrics.active_batches")).isEqualTo(5);
  }

  @Test
  void accountShowsOnlyOnRequest() {
    database.db().accounts().insertOne(new Document("account_id", "mine").append("name", "Mía"));
    assertThat(overview(Set.of("mine"), Optional.empty()).at("account")).isNull();
    assertThat(overview(Set.of("mine", "theirs"), Optional.empty()).at("account")).isNull();
    assertThat(overview(Set.of("mine", "theirs"), Optional.of("mine")).at("account.name"))
        .isEqualTo("Mía");
    as("account_ids", "[theirs]", "scope", "pulso:read")
        .overview("mine")
        .problem(403, "ACCOUNT_FORBIDDEN");
  }

  @Test
  void sharedBrowserKeepsOverviewsApart() {
    assertThat(overview(Set.of("mine"), Optional.empty()).headers())
        .containsEntry("Vary", "Authorization")
        .hasEntrySatisfying("Cache-Control", value -> assertThat(value).startsWith("private"));
  }

  @Test
  void cacheNeverWidensAccess() {
    Map<String, String> keeping =
        Map.of("ALLOW_ANONYMOUS", "false", "OVERVIEW_CACHE_SECONDS", "30");
    try (ContractDatabase kept = ContractDatabase.openBare(keeping)) {
      kept.jobs(Builders.job("b", "pending").append("account_id", "mine"));
      kept.jobs(Builders.job("b", "pending").append("account_id", "theirs"));
      kept.jobs(Builders.job("b", "pending").append("account_id", "theirs"));
      for (int again = 0; again < 2; again++) {
        assertThat(pendingFor(kept, "scope", "pulso:read pulso:all-accounts")).isEqualTo(3);
        assertThat(pendingFor(kept, "account_ids", "[theirs]")).isEqualTo(2);
        assertThat(pendingFor(kept, "account_ids", "[mine]")).isEqualTo(1);
        assertThat(pendingFor(kept, "account_ids", "[]")).isZero();
        assertThat(pendingFor(kept, "account_ids", "[theirs mine]")).isEqualTo(3);
      }
    }
  }

  private static long pendingFor(ContractDatabase database, String claim, String value) {
    Map<String, String> claims = new HashMap<>(Map.of("sub", "u", "scope", "pulso:read"));
    claims.put(claim, value);
    return new Api(database.pulso(), claims).overview().ok().count("metrics.pending_jobs");
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void sumsAreExactForAnyCaller(long seed) {
    Instant midnight = database.db().now().truncatedTo(ChronoUnit.DAYS);
    new OddPopulation(seed, database, midnight).upload(30, 300);
    Oracle oracle = new Oracle(database);
    for (Set<String> accounts :
        List.of(
            Set.<String>of(),
            Set.of("acc-a"),
            Set.of("acc-a", "acc-b"),
            Set.of("$acc", "nobody"),
            Set.copyOf(OddDocuments.ACCOUNTS),
            Set.of("unheard-of", "5", "null"))) {
      assertThat(Oracle.overview(overview(accounts, Optional.empty())))
          .as("%s", accounts)
          .isEqualTo(oracle.overview(accounts, midnight));
      for (String account : accounts) {
        assertThat(Oracle.overview(overview(accounts, Optional.of(account))))
            .as("%s of %s", account, accounts)
            .isEqualTo(oracle.overview(Set.of(account), midnight));
      }
    }
  }

  private void pending(int count, String batchId, Object account) {
    List<Document> jobs = jobs(count, batchId, "pending");
    jobs.forEach(job -> job.append("account_id", account));
    database.jobs(jobs);
  }

  private Reply overview(Set<String> accounts, Optional<String> account) {
    Api api = as("account_ids", "[" + String.join(" ", accounts) + "]", "scope", "pulso:read");
    return account.map(api::overview).orElseGet(api::overview).ok();
  }

  private Api as(String claim, String value) {
    return new Api(database.pulso(), Map.of("sub", "u", claim, value));
  }

  private Api as(String claim, String value, String other, String otherValue) {
    return new Api(database.pulso(), Map.of("sub", "u", claim, value, other, otherValue));
  }
}
