package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.fixture.Builders;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the commands to the database: every read of batches, totals and accounts is restricted to
 * the caller's accounts.
 */
class NarrowedQueriesIT {
  private static final SentReads SENT = new SentReads();

  private static ContractDatabase database;
  private static Pulso watched;
  private static TokenApi api;

  @BeforeAll
  static void open() {
    database = ContractDatabase.guarded();
    watched = database.another(SENT);
    api = new TokenApi(watched);
  }

  @AfterAll
  static void close() {
    api.close();
    watched.close();
    database.close();
  }

  @ParameterizedTest(name = "{1} as {0}")
  @CsvSource({
    // The minimum number of checked reads: the first, and those after a count or a write.
    "reader,   GET,  /status,  2",
    "reader,   GET,  /summary, 2",
    "both,     GET,  '',       3",
    "reader,   POST, /cancel,  1",
    "reader,   POST, /pause,   1",
    "operator, POST, /cancel,  2",
    "operator, POST, /pause,   2",
    "both,     GET,  /status,  2",
    "both,     POST, /cancel,  2",
    "both,     POST, /resume,  3"
  })
  void batchReadsAreRestrictedToCallersAccounts(
      String caller, String method, String route, int reads) {
    String batch = batch();
    for (String address : List.of(batch, database.stored(batch).getObjectId("_id").toHexString())) {
      SENT.forget();
      assertThat(api.send(caller, method, "/batches/" + address + route).status()).isIn(200, 403);
      assertNarrowed(address.equals(batch) ? reads : 1, accounts(caller));
    }
  }

  @ParameterizedTest(name = "overview{1} as {0}")
  @CsvSource({
    "reader, '', 1",
    "both, '', 1",
    "accountless, '', 1",
    "reader, ?account_id=acc-chile-001, 2",
    "both, ?account_id=acc-chile-001, 2"
  })
  void overviewReadsAreRestrictedToCallersAccounts(String caller, String query, int reads) {
    batch();
    SENT.forget();
    api.get(caller, "/dashboard/overview" + query).ok();
    assertNarrowed(reads, query.isEmpty() ? accounts(caller) : Set.of(Callers.CHILE));
  }

  @ParameterizedTest(name = "list{1} as {0}")
  @CsvSource({
    "reader, ''",
    "both, ?q=campana&status=active",
    "accountless, ?sort=-total_cost",
    "both, ?account_id=acc-chile-001&sort=name"
  })
  void listReadsAreRestrictedToCallersAccounts(String caller, String query) {
    batch();
    SENT.forget();
    api.get(caller, "/batches" + query).ok();
    assertNarrowed(2, query.contains("account_id") ? Set.of(Callers.CHILE) : accounts(caller));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reader", "both", "accountless"})
  void accountListIsRestrictedToCallersAccounts(String caller) {
    SENT.forget();
    api.get(caller, "/accounts").ok();
    assertNarrowed(1, accounts(caller));
  }

  @ParameterizedTest(name = "{1} as {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "operator | 'account_id':'acc-chile-001'",
        "operator | 'batch_ids':['a','b']",
        "both | 'account_id':'acc-chile-001','q':'a','status':'active'",
        "both | 'batch_ids':['a']"
      })
  void selectionsAreRestrictedToCallersAccounts(String caller, String selection) {
    SENT.forget();
    String body = "{'action':'cancel','dry_run':true,%s}".formatted(selection).replace('\'', '"');
    api.post(caller, "/batch-operations", body).ok();
    assertNarrowed(1, selection.contains("account_id") ? Set.of(Callers.CHILE) : accounts(caller));
  }

  @Test
  void foreignBatchCostsSameAsMissing() {
    String foreign = batch();
    inFreshProcess(
        (process, sent) -> {
          for (String route : List.of("", "/status", "/summary")) {
            sent.forget();
            process.get("other", "/batches/" + foreign + route).problem(404, "BATCH_NOT_FOUND");
            List<String> toForeign = sent.commands();
            sent.forget();
            process.get("other", "/batches/absent" + route).problem(404, "BATCH_NOT_FOUND");
            assertThat(toForeign).containsExactly("find batches").isEqualTo(sent.commands());
          }
        });
  }

  @Test
  void rejectedCallersCostNoQuery() {
    inFreshProcess(
        (process, sent) -> {
          process.get("none", "/dashboard/overview").problem(401, "UNAUTHENTICATED");
          process.get("scopeless", "/dashboard/overview").problem(403, "FORBIDDEN");
          process
              .get("reader", "/dashboard/overview?account_id=x")
              .problem(403, "ACCOUNT_FORBIDDEN");
          process.get("operates", "/accounts").problem(403, "FORBIDDEN");
          process.get("operates", "/batches").problem(403, "FORBIDDEN");
          process.get("reader", "/batches?account_id=x").problem(403, "ACCOUNT_FORBIDDEN");
          process.get("operates", "/batches/absent/status").problem(403, "FORBIDDEN");
          assertThat(sent.commands()).isEmpty();
        });
  }

  /** Asks a process that counted nothing: a lease whose time ran out is released later. */
  private static void inFreshProcess(BiConsumer<TokenApi, SentReads> questions) {
    SentReads sent = new SentReads();
    try (Pulso pulso = database.another(sent);
        TokenApi process = new TokenApi(pulso)) {
      questions.accept(process, sent);
    }
  }

  private static String batch() {
    String batch = database.batch();
    database.jobs(Builders.job(batch, "pending"), Builders.job(batch, "done"));
    return batch;
  }

  private static Set<String> accounts(String caller) {
    return switch (caller) {
      case "both" -> Set.of(Callers.CHILE, Callers.PERU);
      case "accountless" -> Set.of();
      default -> Set.of(Callers.CHILE);
    };
  }

  /** Checks that every read asks for exactly these accounts. */
  private static void assertNarrowed(int atLeast, Set<String> accounts) {
    assertThat(SENT.reads())
        .hasSizeGreaterThanOrEqualTo(atLeast)
        .allSatisfy(read -> assertThat(read.accounts()).as(read.toString()).hasValue(accounts));
  }
}
