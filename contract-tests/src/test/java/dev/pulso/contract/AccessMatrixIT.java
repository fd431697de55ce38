package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import dev.pulso.local.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The answer to every kind of caller, over HTTP and with real tokens. Batches are addressed by
 * batch_id and by {@code _id}; a batch that a caller changed is not used again.
 *
 * <p>A column is a caller: {@code nobody} stands for all who are rejected, {@code reader} and
 * {@code operator} belong to the Chilean account, {@code other} operates the Peruvian one, {@code
 * both} operates both, {@code all} every account; {@code scopeless} belongs to the Chilean account
 * but has no scope, {@code accountless} is an operator without an account, and {@code operates} has
 * no read scope. A cell is a status; 403a marks a request about an account, 404p one about a path.
 */
@Order(2)
class AccessMatrixIT {
  static final List<String> CALLERS =
      List.of(
          "nobody",
          "reader",
          "operator",
          "other",
          "both",
          "all",
          "scopeless",
          "accountless",
          "operates");

  private static final Map<String, String> CODES =
      Map.of(
          "401", "UNAUTHENTICATED",
          "403", "FORBIDDEN",
          "403a", "ACCOUNT_FORBIDDEN",
          "404", "BATCH_NOT_FOUND",
          "404o", "OPERATION_NOT_FOUND",
          "404p", "NOT_FOUND",
          "405", "METHOD_NOT_ALLOWED");

  /** Requests to one batch: method, route, owner of the batch. */
  private static final String BATCHES =
      """
      # method | route   | whose  | nobody | reader | operator | other | both | all  | scopeless | accountless | operates
      GET      | status  | chile  | 401    | 200    | 200      | 404   | 200  | 200  | 403       | 404         | 403
      GET      | status  | peru   | 401    | 404    | 404      | 200   | 200  | 200  | 403       | 404         | 403
      GET      | status  | none   | 401    | 404    | 404      | 404   | 404  | 200  | 403       | 404         | 403
      GET      | status  | list   | 401    | 404    | 404      | 404   | 404  | 200  | 403       | 404         | 403
      GET      | status  | absent | 401    | 404    | 404      | 404   | 404  | 404  | 403       | 404         | 403
      GET      | summary | chile  | 401    | 200    | 200      | 404   | 200  | 200  | 403       | 404         | 403
      GET      | summary | peru   | 401    | 404    | 404      | 200   | 200  | 200  | 403       | 404         | 403
      GET      | summary | none   | 401    | 404    | 404      | 404   | 404  | 200  | 403       | 404         | 403
      GET      | summary | list   | 401    | 404    | 404      | 404   | 404  | 200  | 403       | 404         | 403
      GET      | summary | absent | 401    | 404    | 404      | 404   | 404  | 404  | 403       | 404         | 403
      GET      |         | chile  | 401    | 200    | 200      | 404   | 200  | 200  | 403       | 404         | 403
      GET      |         | peru   | 401    | 404    | 404      | 200   | 200  | 200  | 403       | 404         | 403
      GET      |         | none   | 401    | 404    | 404      | 404   | 404  | 200  | 403       | 404         | 403
      GET      |         | list   | 401    | 404    | 404      | 404   | 404  | 200  | 403       | 404         | 403
      GET      |         | absent | 401    | 404    | 404      | 404   | 404  | 404  | 403       | 404         | 403
      POST     | cancel  | chile  | 401    | 403    | 200      | 404   | 200  | 200  | 403       | 404         | 200
      POST     | cancel  | peru   | 401    | 404    | 404      | 200   | 200  | 200  | 404       | 404         | 404
      POST     | cancel  | none   | 401    | 404    | 404      | 404   | 404  | 200  | 404       | 404         | 404
      POST     | cancel  | list   | 401    | 404    | 404      | 404   | 404  | 200  | 404       | 404         | 404
      POST     | cancel  | absent | 401    | 404    | 404      | 404   | 404  | 404  | 404       | 404         | 404
      POST     | pause   | chile  | 401    | 403    | 200      | 404   | 200  | 200  | 403       | 404         | 200
      POST     | pause   | peru   | 401    | 404    | 404      | 200   | 200  | 200  | 404       | 404         | 404
      POST     | pause   | none   | 401    | 404    | 404      | 404   | 404  | 200  | 404       | 404         | 404
      POST     | pause   | absent | 401    | 404    | 404      | 404   | 404  | 404  | 404       | 404         | 404
      POST     | resume  | chile  | 401    | 403    | 200      | 404   | 200  | 200  | 403       | 404         | 200
      POST     | resume  | peru   | 401    | 404    | 404      | 200   | 200  | 200  | 404       | 404         | 404
      POST     | resume  | none   | 401    | 404    | 404      | 404   | 404  | 200  | 404       | 404         | 404
      POST     | resume  | absent | 401    | 404    | 404      | 404   | 404  | 404  | 404       | 404         | 404
      GET      | cancel  | chile  | 401    | 405    | 405      | 405   | 405  | 405  | 405       | 405         | 405
      POST     | status  | peru   | 401    | 405    | 405      | 405   | 405  | 405  | 405       | 405         | 405
      PUT      | pause   | absent | 401    | 405    | 405      | 405   | 405  | 405  | 405       | 405         | 405
      GET      | jobs    | chile  | 401    | 404p   | 404p     | 404p  | 404p | 404p | 404p      | 404p        | 404p
      """;

  /** Other requests: method, path. */
  private static final String PATHS =
      """
      # method | path                                         | nobody | reader | operator | other | both | all  | scopeless | accountless | operates
      GET      | /dashboard/overview                          | 401    | 200    | 200      | 200   | 200  | 200  | 403       | 200         | 403
      GET      | /dashboard/overview?account_id=              | 401    | 200    | 200      | 200   | 200  | 200  | 403       | 200         | 403
      GET      | /dashboard/overview?account_id=acc-chile-001 | 401    | 200    | 200      | 403a  | 200  | 200  | 403       | 403a        | 403
      GET      | /dashboard/overview?account_id=acc-peru-001  | 401    | 403a   | 403a     | 200   | 200  | 200  | 403       | 403a        | 403
      GET      | /dashboard/overview?account_id=acc-unknown   | 401    | 403a   | 403a     | 403a  | 403a | 200  | 403       | 403a        | 403
      POST     | /dashboard/overview                          | 401    | 405    | 405      | 405   | 405  | 405  | 405       | 405         | 405
      GET      | /batches                                     | 401    | 200    | 200      | 200   | 200  | 200  | 403       | 200         | 403
      GET      | /batches?account_id=                         | 401    | 200    | 200      | 200   | 200  | 200  | 403       | 200         | 403
      GET      | /batches?account_id=acc-chile-001            | 401    | 200    | 200      | 403a  | 200  | 200  | 403       | 403a        | 403
      GET      | /batches?account_id=acc-peru-001             | 401    | 403a   | 403a     | 200   | 200  | 200  | 403       | 403a        | 403
      GET      | /batches?account_id=acc-unknown              | 401    | 403a   | 403a     | 403a  | 403a | 200  | 403       | 403a        | 403
      POST     | /batches                                     | 401    | 405    | 405      | 405   | 405  | 405  | 405       | 405         | 405
      GET      | /accounts                                    | 401    | 200    | 200      | 200   | 200  | 200  | 403       | 200         | 403
      POST     | /accounts                                    | 401    | 405    | 405      | 405   | 405  | 405  | 405       | 405         | 405
      POST     | /events/tickets                              | 401    | 200    | 200      | 200   | 200  | 200  | 403       | 200         | 403
      GET      | /events/tickets                              | 401    | 405    | 405      | 405   | 405  | 405  | 405       | 405         | 405
      GET      | /jobs                                        | 401    | 404p   | 404p     | 404p  | 404p | 404p | 404p      | 404p        | 404p
      GET      | /accounts/acc-chile-001/wallet               | 401    | 404p   | 404p     | 404p  | 404p | 404p | 404p      | 404p        | 404p
      GET      | /dashboard                                   | 401    | 404p   | 404p     | 404p  | 404p | 404p | 404p      | 404p        | 404p
      """;

  @AutoClose private static final ContractDatabase database = ContractDatabase.guarded();
  @AutoClose private static final TokenApi api = new TokenApi(database.pulso());

  @ParameterizedTest(name = "{0} {1} of {2}")
  @CsvSource(delimiter = '|', textBlock = BATCHES)
  void aBatch(ArgumentsAccessor row) {
    String method = row.getString(0);
    String route = row.getString(1) == null ? "" : "/" + row.getString(1);
    for (boolean byId : new boolean[] {false, true}) {
      Asked asked = asked(row.getString(2), byId);
      for (int column = 0; column < CALLERS.size(); column++) {
        for (String caller : callers(CALLERS.get(column))) {
          String path = "/batches/" + asked.address + route;
          Reply reply = api.send(caller, method, path);
          assertCell(row.getString(3 + column), caller, reply);
          assertHeadIsAsGet(method, path, caller, reply);
          if (reply.status() >= 400) {
            assertThat(asked.stored()).as(caller).isEqualTo(asked.before);
          } else {
            asked = asked(row.getString(2), byId);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = '|', textBlock = PATHS)
  void aPath(ArgumentsAccessor row) {
    for (int column = 0; column < CALLERS.size(); column++) {
      for (String caller : callers(CALLERS.get(column))) {
        Reply reply = api.send(caller, row.getString(0), row.getString(1));
        assertCell(row.getString(2 + column), caller, reply);
        assertHeadIsAsGet(row.getString(0), row.getString(1), caller, reply);
      }
    }
  }

  @Test
  void everyRouteIsInATable() {
    List<String> paths = new ArrayList<>(api.paths());
    assertThat(paths.removeIf(Route.DEFAULT_PATH::equals)).as("what no route fits").isTrue();
    paths.removeIf(path -> path.contains("/batch-operations")); // OperationAccessIT
    paths.removeIf(path -> path.contains("/webhooks")); // WebhookAccessIT
    for (String path : paths) {
      String last = path.substring(path.lastIndexOf('/') + 1).replace("{batch_id}", "");
      assertThat(path.contains("/batches/") ? BATCHES : PATHS)
          .matches("(?s).*\\| (/(\\w+/)?)?" + Pattern.quote(last) + " .*");
    }
  }

  static List<String> callers(String column) {
    return column.equals("nobody") ? Callers.NOBODY : List.of(column);
  }

  static void assertCell(String cell, String caller, Reply reply) {
    assertThat(cell.substring(0, 3))
        .as(caller + ": " + reply.body())
        .isEqualTo("" + reply.status());
    if (reply.status() == 200) {
      reply.ok();
    } else {
      reply.problem(reply.status(), CODES.get(cell));
    }
    assertThat(reply.headers().containsKey("WWW-Authenticate")).isEqualTo(reply.status() == 401);
  }

  private static void assertHeadIsAsGet(String method, String path, String caller, Reply reply) {
    if (method.equals("GET")) {
      assertThat(api.send(caller, "HEAD", path).status()).isEqualTo(reply.status());
    }
  }

  /** A requested batch with a waiting job. */
  private record Asked(String batchId, String address, List<Document> before) {
    List<Document> stored() {
      Document ofBatch = new Document("batch_id", batchId);
      List<Document> stored = new ArrayList<>();
      database.db().jobs().find(ofBatch).into(stored);
      database.db().batches().find(ofBatch).into(stored);
      return stored;
    }
  }

  private static Asked asked(String whose, boolean byId) {
    ObjectId id = new ObjectId();
    String batchId = ContractDatabase.name("batch");
    String address = byId ? id.toHexString() : batchId;
    if (!whose.equals("absent")) {
      Document batch = Builders.batch(batchId).append("_id", id);
      switch (whose) {
        case "chile" -> batch.append("account_id", Callers.CHILE);
        case "peru" -> batch.append("account_id", Callers.PERU);
        case "list" -> batch.append("account_id", List.of(Callers.CHILE, Callers.PERU));
        default -> batch.remove("account_id");
      }
      database.batch(batch);
      database.jobs(Builders.job(batchId, "pending"));
    }
    return new Asked(batchId, address, new Asked(batchId, address, List.of()).stored());
  }
}
