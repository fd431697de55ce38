package dev.pulso.push;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Services;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.push.FakeClients.Received;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Random changes of jobs and batches, subscriptions, reconnects, refused messages, lost and false
 * signals, and pushers that die or come double. In the end each client was told the final state
 * last, and never an older state after a newer one.
 */
@Order(2)
class PushStoriesIT {
  private static final long SEED = Long.getLong("seed", 20_261_126);
  private static final int STEPS = 400;
  private static final int BATCHES = 12;
  private static final int CLIENTS = 15;
  private static final int JOBS = 30;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Pattern COMPLETED = Pattern.compile("\"completed_jobs\":([0-9]+)");

  @AutoClose private final PushWorld world = new PushWorld();
  private final Random random = new Random(SEED);
  private final List<Thread> pushers = new ArrayList<>();

  /** The subscriptions of each client that is connected, by its connection. */
  private final Map<String, TreeSet<String>> connected = new HashMap<>();

  private int connections;

  @Test
  void theLastMessageIsTheFinalState() throws InterruptedException {
    for (int i = 0; i < BATCHES; i++) {
      world.upload(batch(i), JOBS);
    }
    for (int i = 0; i < CLIENTS; i++) {
      connect();
    }
    for (int step = 0; step < STEPS; step++) {
      act();
    }
    world.clients.refuseWhen(() -> false);
    pushers.forEach(Thread::interrupt);
    for (Thread pusher : pushers) {
      pusher.join();
    }
    world.push(LONG);
    connected.forEach(
        (client, batches) ->
            batches.forEach(
                batch ->
                    Eventually.isTrue(
                        Duration.ofSeconds(30),
                        () ->
                            world
                                .clients
                                .last(client, "batch.status", batch)
                                .equals(world.polled(batch)))));
    connected.keySet().forEach(this::assertNeverBack);
  }

  private void act() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> finishJobs();
      case 4 -> change();
      case 5, 6 -> subscribe();
      case 7 -> unsubscribe();
      case 8 -> reconnect();
      case 9 -> {
        int one = random.nextInt(3);
        world.clients.refuseWhen(() -> one == 0 && Math.random() < 0.3);
      }
      case 10 -> signal();
      default -> {
        if (random.nextInt(4) == 0) {
          replacePusher();
        }
      }
    }
  }

  private void finishJobs() {
    String batch = batch(random.nextInt(BATCHES));
    Date now = new Date();
    for (int i = random.nextInt(3); i >= 0; i--) {
      world
          .fixture
          .db()
          .jobs()
          .updateOne(
              and(eq("batch_id", batch), eq("status", "pending")),
              combine(set("status", "done"), set("updated_at", now), unset("none")));
    }
  }

  private void change() {
    BatchAddress address = new BatchAddress(batch(random.nextInt(BATCHES)));
    Services all = world.fixture.pulso().services();
    switch (random.nextInt(5)) {
      case 0, 1 -> all.pause().pause(Caller.ANONYMOUS, address, Origin.NONE);
      case 2, 3 -> all.pause().resume(Caller.ANONYMOUS, address, Origin.NONE);
      default ->
          all.cancel()
              .cancel(
                  Caller.ANONYMOUS,
                  address,
                  Optional.empty(),
                  Origin.NONE,
                  Deadline.in(Duration.ofSeconds(5)));
    }
  }

  private void connect() {
    String client = "client-" + connections++;
    world.connect(client);
    connected.put(client, new TreeSet<>());
  }

  private void reconnect() {
    String client = anyClient();
    TreeSet<String> batches = connected.remove(client);
    world.clients.leave(client);
    if (random.nextBoolean()) {
      world.service().left(client);
    }
    connect();
    String again = "client-" + (connections - 1);
    for (String batch : batches) {
      world.subscribe(again, batch);
      connected.get(again).add(batch);
    }
  }

  private void subscribe() {
    String client = anyClient();
    String batch = batch(random.nextInt(BATCHES));
    world.subscribe(client, batch);
    connected.get(client).add(batch);
  }

  private void unsubscribe() {
    String client = anyClient();
    if (!connected.get(client).isEmpty()) {
      String batch = connected.get(client).first();
      world.send(client, "{'action':'unsubscribe','batch_id':'" + batch + "'}");
      connected.get(client).remove(batch);
    }
  }

  private void signal() {
    List<String> named = List.of(batch(random.nextInt(BATCHES)), batch(0), "no such batch");
    world.fixture.pulso().recountEarly(named, Duration.ofSeconds(5));
  }

  /** Kills the pushers, or leaves them and starts another one. */
  private void replacePusher() {
    if (random.nextBoolean()) {
      pushers.forEach(Thread::interrupt);
    }
    Duration time = random.nextBoolean() ? LONG : Duration.ofMillis(random.nextInt(3_000));
    pushers.add(world.push(time));
  }

  private void assertNeverBack(String client) {
    for (int i = 0; i < BATCHES; i++) {
      String batch = batch(i);
      List<Received> told =
          world.clients.of(client).stream()
              .filter(each -> each.name().equals(batch) && each.version() > 0)
              .toList();
      assertThat(told).extracting(Received::version).as(client + " " + batch).isSorted();
      assertThat(told).extracting(PushStoriesIT::completed).as(client + " " + batch).isSorted();
    }
  }

  private static int completed(Received status) {
    Matcher matcher = COMPLETED.matcher(status.data());
    assertThat(matcher.find()).as(status.text()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private String anyClient() {
    List<String> all = connected.keySet().stream().sorted().toList();
    return all.get(random.nextInt(all.size()));
  }

  private static String batch(int number) {
    return "batch-" + number;
  }
}
