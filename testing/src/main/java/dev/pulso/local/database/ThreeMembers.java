package dev.pulso.local.database;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bson.Document;

/** A replica set of three members for tests. Tests can make its secondaries lag. */
public final class ThreeMembers implements AutoCloseable {
  private static final int SIZE = 3;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<Member> members;

  private ThreeMembers(List<Member> members) {
    this.members = members;
  }

  private record Member(ChildServer server, int port) {
    String address() {
      return Loopback.HOST + ":" + port;
    }

    String uri() {
      return ReplicaSet.uri(Loopback.HOST, port);
    }
  }

  /** Returns why no set can be started: this machine has no mongod, and can fetch none. */
  public static Optional<String> obstacle() {
    try {
      binary();
      return Optional.empty();
    } catch (NotThisWayException e) {
      return Optional.of("no mongod: " + e.getMessage());
    }
  }

  /** Starts the set; empty if there is an {@link #obstacle}. */
  public static Optional<ThreeMembers> start() {
    List<Member> members = new ArrayList<>();
    ThreeMembers set = new ThreeMembers(members);
    try {
      MongodBinary binary = binary();
      for (int i = 0; i < SIZE; i++) {
        members.add(member(binary));
      }
      set.initiate();
      Member first = members.getFirst();
      ReplicaSet.ensurePrimary(
          first.uri(),
          ReplicaSet.onlyMember(first.address()),
          first.server.process()::isAlive,
          LIMIT);
      set.awaitSecondaries();
      return Optional.of(set);
    } catch (NotThisWayException e) {
      set.close();
      return Optional.empty();
    } catch (RuntimeException e) {
      set.close();
      throw e;
    }
  }

  private static MongodBinary binary() throws NotThisWayException {
    return MongodBinary.any(new Wish(Optional.empty(), System.getenv(), line -> {}));
  }

  private static Member member(MongodBinary binary) throws NotThisWayException {
    return FreePort.start(
        port ->
            new Member(
                ChildServer.start(
                    "member",
                    port,
                    Startup.MONGOD,
                    folder -> MongodStarter.testable(binary, folder, port)),
                port));
  }

  /**
   * Only the first member may become primary, and both secondaries copy from it: one that copied
   * from a lagging one would lag too.
   */
  private void initiate() {
    List<Document> config = new ArrayList<>();
    for (Member member : members) {
      config.add(
          new Document("_id", config.size())
              .append("host", member.address())
              .append("priority", config.isEmpty() ? 1 : 0));
    }
    Document set =
        new Document("_id", ReplicaSet.NAME)
            .append("members", config)
            .append("settings", new Document("chainingAllowed", false));
    run(members.getFirst(), new Document("replSetInitiate", set));
  }

  /** Returns the connection string with these options. */
  public String uri(String options) {
    return members.stream()
        .map(Member::address)
        .collect(Collectors.joining(","))
        .transform(hosts -> "mongodb://" + hosts + "/?replicaSet=" + ReplicaSet.NAME + options);
  }

  /** Waits until the secondaries have caught up, then stops replication to this many of them. */
  public void holdSecondaries(int count) {
    awaitSecondaries();
    members.subList(1, 1 + count).forEach(member -> holds(member, "alwaysOn"));
  }

  /** Resumes replication, and returns when it has caught up. */
  public void letGo() {
    members.subList(1, SIZE).forEach(member -> holds(member, "off"));
    awaitSecondaries();
  }

  private void awaitSecondaries() {
    Document all = new Document("w", SIZE).append("wtimeout", LIMIT.toMillis());
    run(
        members.getFirst(),
        new Document("appendOplogNote", 1)
            .append("data", new Document())
            .append("writeConcern", all));
  }

  private static void holds(Member member, String mode) {
    run(member, new Document("configureFailPoint", "rsSyncApplyStop").append("mode", mode));
  }

  private static void run(Member member, Document command) {
    try (MongoClient client = MongoClients.create(member.uri())) {
      MongoDatabase admin = client.getDatabase("admin");
      admin.runCommand(command);
    }
  }

  @Override
  public void close() {
    members.forEach(member -> member.server.close());
  }
}
