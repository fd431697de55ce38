package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.LiveDb;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The password of the database changes, then the secret, without a deployment. */
class PasswordRotationIT {
  private static final String OLD = "pl4nted-passw0rd-of-yesterday";
  private static final String NEW = "pl4nted-passw0rd-of-today";

  /** Uses no connection twice, so that the next operation must authenticate. */
  private static final String IMPATIENT = "&maxIdleTimeMS=1";

  private static final int CLIENTS = 8;

  private GuardedUser user;
  private SecretsExtension extension;
  private Pulso pulso;
  private Api api;

  @BeforeEach
  void open() throws IOException {
    user = new GuardedUser(OLD);
    extension = new SecretsExtension();
    Settings settings =
        Settings.from(
            Map.of(
                "MONGODB_SECRET_ID",
                SecretsExtension.ARN,
                "MONGODB_DATABASE",
                user.name(),
                "ALLOW_ANONYMOUS",
                "true"));
    pulso =
        Pulso.open(
            Pulso.Options.of(settings).withDatabase(LiveDb.of(settings, extension.environment())));
    api = new Api(pulso);
    user.asRoot().getCollection("batches").insertOne(Builders.batch("b"));
    user.asRoot().getCollection("jobs").insertMany(Builders.jobs(3, "b", "pending"));
  }

  @AfterEach
  void close() {
    pulso.close();
    extension.close();
    user.close();
  }

  @Test
  void requestAfterRotationIsAnswered() {
    extension.secret(user.uri(OLD) + IMPATIENT);
    answered();

    user.changePassword(NEW);
    extension.secret(user.uri(NEW) + IMPATIENT);

    assertThat(answered().count("pending_jobs")).isEqualTo(3);
    Reply cancelled = answered(() -> api.cancel("b", "basta"));
    assertThat(cancelled.json().getString("reason")).isEqualTo("basta");
    assertThat(extension.reads()).isEqualTo(2);
  }

  static List<Named<Function<Api, Reply>>> endpoints() {
    return List.of(
        Named.of("status", api -> api.status("b")),
        Named.of("summary", api -> api.summary("b")),
        Named.of("cancel", api -> api.cancel("b")),
        Named.of("pause", api -> api.pause("b")),
        Named.of("resume", api -> api.resume("b")),
        Named.of("overview", api -> api.overview("acc-chile-001")));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void everyEndpointNoticesRecreatedUser(Function<Api, Reply> endpoint) {
    extension.secret(user.uri(OLD));
    answered();

    noticesRecreatedUser(
        () -> {
          Reply reply = endpoint.apply(api);
          assertThat(reply.status()).isIn(200, 503);
          return reply.status() == 200;
        });
  }

  @Test
  void upkeepContinues() {
    extension.secret(user.uri(OLD));
    answered();

    noticesRecreatedUser(
        () -> {
          try {
            return pulso.runUpkeep(Duration.ofSeconds(20)).cancelsOpen() == 0;
          } catch (MongoException notInTime) {
            return false;
          }
        });
  }

  /**
   * Recreates the user, with other passwords until there is an answer in time, and checks that this
   * one took a single read of the secret.
   */
  private void noticesRecreatedUser(Callable<Boolean> isAnswered) {
    Eventually.isTrue(
        Duration.ofSeconds(60),
        () -> {
          int before = extension.reads();
          String password = ContractDatabase.name(NEW);
          user.replace(password);
          extension.secret(user.uri(password));
          boolean hasAnswer = isAnswered.call();
          assertThat(extension.reads()).isBetween(before, before + 1);
          return hasAnswer && extension.reads() > before;
        });
  }

  @Test
  void lateSecretIsReadAtIntervals() {
    extension.secret(user.uri(OLD) + IMPATIENT);
    answered();

    long changed = System.nanoTime();
    user.changePassword(NEW);
    for (int i = 0; i < 6; i++) {
      Reply reply = api.status("b").problem(503, "DATABASE_UNAVAILABLE");
      assertThat(reply.headers()).containsKey("Retry-After");
    }
    assertThat(extension.reads()).isBetween(2, mostReads(changed));

    extension.secret(user.uri(NEW) + IMPATIENT);
    answered();
  }

  @Test
  void requestsDuringRotationSucceedOrRetry() {
    extension.secret(user.uri(OLD) + IMPATIENT);
    answered();
    ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    AtomicBoolean isOver = new AtomicBoolean();
    CompletableFuture<?>[] clients =
        Stream.generate(
                () ->
                    CompletableFuture.runAsync(
                        () -> {
                          while (!isOver.get()) {
                            statuses.add(api.status("b").status());
                          }
                        },
                        work -> Thread.ofPlatform().start(work)))
            .limit(CLIENTS)
            .toArray(CompletableFuture[]::new);

    long changed = System.nanoTime();
    user.changePassword(NEW);
    extension.secret(user.uri(NEW) + IMPATIENT);
    answered();
    isOver.set(true);
    CompletableFuture.allOf(clients).join();

    assertThat(statuses).isSubsetOf(200, 503).contains(200);
    answered();
    assertThat(extension.reads()).isBetween(2, mostReads(changed));
  }

  /** The first read, one after the change, and one more each 5 s. */
  private static int mostReads(long changedNanos) {
    return 2 + (int) Duration.ofNanos(System.nanoTime() - changedNanos).toSeconds() / 5;
  }

  /** Returns the first answer with 200: a busy machine takes longer than these time limits. */
  private Reply answered() {
    return answered(() -> api.status("b"));
  }

  private static Reply answered(Callable<Reply> question) {
    return Eventually.answer(Duration.ofSeconds(60), question, reply -> reply.status() == 200);
  }
}
