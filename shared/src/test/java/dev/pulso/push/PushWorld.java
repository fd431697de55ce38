package dev.pulso.push;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;

import com.mongodb.MongoInterruptedException;
import dev.pulso.Pulso;
import dev.pulso.batch.Counted;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.status.StatusBody;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A database with clients that are connected, and a pusher. */
final class PushWorld implements AutoCloseable {
  final PulsoFixture fixture;
  final FakeClients clients = new FakeClients("");
  private Thread pusher = Thread.ofPlatform().daemon().unstarted(() -> {});

  PushWorld() {
    this(Map.of());
  }

  PushWorld(Map<String, String> environment) {
    fixture = PulsoFixture.open(environment);
  }

  ClientService service() {
    return fixture.pulso().services().clients();
  }

  void upload(String id, int jobs) {
    fixture.batches(batch(id));
    fixture.jobs(jobs(jobs, id, "pending"));
  }

  void connect(String id) {
    clients.connect(id);
    if (!service().admit(id, Optional.empty())) {
      throw new AssertionError(id + " may not connect.");
    }
  }

  String send(String id, String message) {
    return service().answer(id, message.replace('\'', '"'));
  }

  void subscribe(String id, String batch) {
    send(id, "{'action':'subscribe','batch_id':'" + batch + "'}");
  }

  /** Starts a pusher, beside another one if that is still there. */
  Thread push(Duration time) {
    return push(clients, time);
  }

  Thread push(FakeClients to, Duration time) {
    return push(fixture.pulso(), to, time);
  }

  /** Starts a pusher in that process. */
  Thread push(Pulso process, FakeClients to, Duration time) {
    pusher = Thread.ofPlatform().daemon().name("pusher").start(() -> run(process, to, time));
    return pusher;
  }

  /** Runs one pusher after another until that is so: on a busy machine, one may do nothing. */
  void pushUntil(Duration time, Callable<Boolean> isSo) {
    Eventually.isTrue(
        Duration.ofSeconds(60),
        () -> {
          push(time).join();
          return isSo.call();
        });
  }

  private static void run(Pulso process, FakeClients to, Duration time) {
    try {
      process.services().pusher().run(to, Deadline.in(time));
    } catch (MongoInterruptedException e) {
      // Killed: the next one goes on.
      Thread.currentThread().interrupt();
    }
  }

  void pause(String batch) {
    fixture.pause(batch);
  }

  /** Returns the status of a batch as a poll answers it. */
  String polled(String batch) {
    Counted counted = fixture.poll(batch);
    return JsonWriter.object(json -> StatusBody.write(json, counted));
  }

  @Override
  public void close() {
    pusher.interrupt();
    try {
      pusher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fixture.close();
  }
}
