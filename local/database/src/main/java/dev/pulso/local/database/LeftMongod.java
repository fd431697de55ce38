package dev.pulso.local.database;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** A mongod that a killed run left behind, recognised by the record in its folder. */
record LeftMongod(ProcessHandle process, int port, String binary) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * The mongod of this folder that still serves it. One that is there but does not answer is ended,
   * because it keeps the data locked; anything else under that port or process number is left
   * alone.
   */
  static Optional<LeftMongod> of(DataFolder folder) {
    Optional<DataFolder.Left> left = folder.left();
    if (left.isEmpty()) {
      return Optional.empty();
    }
    int port = left.get().port();
    Optional<LeftMongod> serving = Loopback.accepts(port) ? ask(port, folder) : Optional.empty();
    if (serving.isEmpty()) {
      left.get().pid().stream()
          .mapToObj(ProcessHandle::of)
          .flatMap(Optional::stream)
          .filter(process -> serves(process, folder.data()))
          .forEach(MongodProcess::kill);
    }
    return serving;
  }

  private static Optional<LeftMongod> ask(int port, DataFolder folder) {
    try (MongoClient client =
        ReplicaSet.impatientClient(ReplicaSet.uri(Loopback.HOST, port), PATIENCE)) {
      MongoDatabase admin = client.getDatabase("admin");
      List<String> line =
          admin.runCommand(new Document("getCmdLineOpts", 1)).getList("argv", String.class);
      Number pid = admin.runCommand(new Document("serverStatus", 1)).get("pid", Number.class);
      return line.contains(folder.data().toString())
          ? ProcessHandle.of(pid.longValue())
              .map(process -> new LeftMongod(process, port, line.getFirst()))
          : Optional.empty();
    } catch (MongoException notOurs) {
      return Optional.empty();
    }
  }

  private static boolean serves(ProcessHandle process, Path data) {
    return process.info().commandLine().filter(l -> l.contains(data.toString())).isPresent();
  }
}
