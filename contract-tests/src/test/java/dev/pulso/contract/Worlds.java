package dev.pulso.contract;

import com.amazonaws.services.lambda.runtime.Context;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.server.TemplateEdge;
import dev.pulso.local.server.http.LambdaContext;
import dev.pulso.local.server.http.RunningEdge;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.LiveDb;
import dev.pulso.mongo.UnsupportedDatabaseException;
import dev.pulso.mongo.UnsupportedDatabaseException.Lack;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.Documented;
import dev.pulso.openapi.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The conditions in which functions may run, good and bad. */
final class Worlds implements AutoCloseable {
  private static final Map<String, String> ANYBODY = Map.of("ALLOW_ANONYMOUS", "true");
  private static final String DRY_RUN =
      "{\"action\":\"pause\",\"account_id\":\"acc-chile-001\",\"dry_run\":true}";
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration IMPATIENT = Duration.ofMillis(150);

  private final ContractDatabase database =
      ContractDatabase.open(Map.of("STATUS_RATE_LIMIT", "1/5s", "OVERVIEW_CACHE_SECONDS", "30"));
  private final RunningEdge edge;
  private final RunningEdge impatientEdge;

  Worlds() throws IOException {
    edge = TemplateEdge.over(database.pulso(), PATIENT);
    impatientEdge = TemplateEdge.over(database.pulso(), IMPATIENT);
  }

  /** Normal conditions. */
  ContractDatabase database() {
    return database;
  }

  /** Normal conditions. */
  Api api() {
    return database.api();
  }

  /** Returns a valid request of the operation, about an existing batch. */
  Call call(Operation operation) {
    Call call = Call.to(operation.method(), operation.path());
    return switch (operation.id()) {
      case "beginBatchOperation" -> call.sending(DRY_RUN);
      case "getBatchOperation" -> call.of(database.operation());
      case "createWebhook" -> call.sending(ContractDatabase.WEBHOOK);
      case "redeliver" -> call.of(database.delivery());
      default ->
          operation.path().contains("{webhook_id}") ? call.of(database.webhook()) : ofBatch(call);
    };
  }

  private Call ofBatch(Call call) {
    return call.path().contains("{batch_id}") ? call.of(database.batch()) : call;
  }

  /** Tokens are required, and there is none. */
  Api guarded() {
    return new Api(in(Map.of(), Worlds::noDatabase));
  }

  /** The database is unavailable. */
  Api away() {
    return new Api(
        in(
            ANYBODY,
            settings ->
                Db.open(
                    "mongodb://127.0.0.1:1/?directConnection=true",
                    settings,
                    client ->
                        client.applyToClusterSettings(
                            c -> c.serverSelectionTimeout(50, TimeUnit.MILLISECONDS)))));
  }

  /** An unexpected exception occurs. */
  Api broken() {
    return new Api(in(ANYBODY, Worlds::noDatabase));
  }

  /** The database is unsupported. */
  Api lacking(Lack lack) {
    return new Api(
        in(
            ANYBODY,
            settings -> {
              throw new UnsupportedDatabaseException(lack);
            }));
  }

  /** Repeats a request, and returns the first failure. */
  Reply impatiently(Call call) {
    Reply reply = api().send(call);
    for (int i = 0; i < 10 && reply.status() == 200; i++) {
      reply = api().send(call);
    }
    return reply;
  }

  /** Sends a request to a function without any time left. */
  Reply hurried(Call call) {
    return api().send(call, noTime());
  }

  /** Sends a request without any time left, while the function works on the same one. */
  Reply behind(Call call) {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    try (Pulso pulso =
        in(
            ANYBODY,
            settings -> {
              begun.countDown();
              await(answered);
              return noDatabase(settings);
            })) {
      Api api = new Api(pulso);
      Thread first = Thread.ofVirtual().start(() -> api.send(call));
      try {
        await(begun);
        return api.send(call, noTime());
      } finally {
        answered.countDown();
        first.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Context noTime() {
    return new LambdaContext("hurried", Duration.ZERO, 128);
  }

  /** Sends these bytes to the edge. */
  Reply wire(Call call, byte[] request) {
    return documented(call, () -> edge.send(request));
  }

  /** Sends a body too slowly. */
  Reply slow(Call call, byte[] head) {
    return documented(call, () -> impatientEdge.trickle(head));
  }

  /** Sends a request to a function that takes too long. */
  Reply stuck(Call call, byte[] request) {
    return documented(
        call,
        () -> {
          try (Pulso stuck = in(ANYBODY, settings -> waitForEver());
              RunningEdge stuckEdge = TemplateEdge.over(stuck, IMPATIENT)) {
            // On a busy machine, the request itself may be too slow.
            return Eventually.answer(
                PATIENT, () -> stuckEdge.send(request), answer -> answer.status() != 408);
          }
        });
  }

  private static Reply documented(Call call, Exchange exchange) {
    try {
      return Reply.of(Documented.check(call.method(), call.path(), exchange.send()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pulso in(Map<String, String> environment, Function<Settings, Db> opener) {
    Settings settings = Settings.from(environment);
    return Pulso.open(
        Pulso.Options.of(settings).withDatabase(LiveDb.openedBy(() -> opener.apply(settings))));
  }

  private static Db noDatabase(Settings settings) {
    throw new IllegalStateException("nobody thought of this");
  }

  private static Db waitForEver() {
    await(new CountDownLatch(1));
    throw new IllegalStateException("never");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    impatientEdge.close();
    edge.close();
    database.close();
  }

  @FunctionalInterface
  private interface Exchange {
    Answer send() throws IOException;
  }
}
