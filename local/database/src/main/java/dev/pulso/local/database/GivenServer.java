package dev.pulso.local.database;

import com.mongodb.ConnectionString;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/** The server in {@code MONGODB_URI}. It is checked, never changed and never stopped. */
final class GivenServer {
  static final String VARIABLE = "MONGODB_URI";

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private GivenServer() {}

  static Optional<String> uri(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(VARIABLE)).filter(uri -> !uri.isBlank());
  }

  /**
   * @throws MongoUnavailableException with the hosts but no credentials; exceptions of the driver
   *     contain credentials and are not passed on
   */
  static MongoServer check(String uri) {
    String hosts = hosts(uri);
    Answers answers = ask(uri, hosts);
    Document hello = answers.hello();
    Optional<String> lack = lack(hosts, hello, answers.build());
    if (lack.isPresent()) {
      throw new MongoUnavailableException(
          "The server of MONGODB_URI ("
              + hosts
              + ") is "
              + lack.get()
              + ". Pulso needs MongoDB 6.0 or later as a replica set, or Atlas.");
    }
    boolean replicaSet = hello.containsKey("setName");
    boolean router = "isdbgrid".equals(hello.getString("msg"));
    if (!replicaSet && !router) {
      throw new MongoUnavailableException(
          hello.getBoolean("isreplicaset", false) ? uninitiated(hosts) : standalone(hosts));
    }
    String named = new ConnectionString(uri).getRequiredReplicaSetName();
    if (replicaSet && named != null && !named.equals(hello.getString("setName"))) {
      throw new MongoUnavailableException(
          "The server of MONGODB_URI ("
              + hosts
              + ") is in the replica set "
              + hello.getString("setName")
              + ", and MONGODB_URI says replicaSet="
              + named
              + ".");
    }
    if (!hello.getBoolean("isWritablePrimary", false)) {
      throw new MongoUnavailableException(
          "The server of MONGODB_URI ("
              + hosts
              + ") is not the primary of its replica set "
              + hello.getString("setName")
              + ", so nothing can be written. Name the whole set: "
              + "mongodb://host1,host2/?replicaSet="
              + hello.getString("setName"));
    }
    return MongoServer.given(uri);
  }

  private static String hosts(String uri) {
    try {
      return String.join(", ", new ConnectionString(uri).getHosts());
    } catch (IllegalArgumentException | MongoConfigurationException e) {
      throw new MongoUnavailableException(
          "MONGODB_URI is not a valid connection string. It looks like "
              + "mongodb://user:password@host:27017/?replicaSet=name, with the characters "
              + ": / ? # [ ] @ % in user and password percent-encoded.");
    }
  }

  /** The answers of a server to {@code hello} and {@code buildInfo}. */
  private record Answers(Document hello, Document build) {}

  /** Returns which unsupported product or version the server is; empty if it is supported. */
  static Optional<String> lack(String hosts, Document hello, Document build) {
    if (hosts.contains(".docdb.amazonaws.com") || hosts.contains(".docdb-elastic.amazonaws.com")) {
      return Optional.of("Amazon DocumentDB");
    }
    if (build.keySet().stream().anyMatch(key -> key.startsWith("ferretdb"))) {
      return Optional.of("FerretDB");
    }
    Document internal = hello.get("internal", new Document());
    if (hosts.contains(".cosmos.azure.com") || internal.containsKey("cosmos_versions")) {
      return Optional.of("Azure Cosmos DB");
    }
    if (internal.containsKey("documentdb_versions")) {
      return Optional.of("DocumentDB");
    }
    return build.getList("versionArray", Number.class).getFirst().intValue() < MongodBinary.OLDEST
        ? Optional.of("MongoDB " + build.getString("version"))
        : Optional.empty();
  }

  private static Answers ask(String uri, String hosts) {
    try (MongoClient client = ReplicaSet.impatientClient(uri, PATIENCE)) {
      return ask(client);
    } catch (MongoSecurityException e) {
      throw new MongoUnavailableException(
          "The server of MONGODB_URI (" + hosts + ") does not accept its user and password.");
    } catch (MongoCommandException e) {
      throw new MongoUnavailableException(
          "The server of MONGODB_URI (" + hosts + ") refused: " + e.getErrorCodeName());
    } catch (MongoException e) {
      ConnectionString named = new ConnectionString(uri);
      if (named.getRequiredReplicaSetName() == null || named.isSrvProtocol()) {
        throw silent(hosts);
      }
      Answers answers = askDirectly(uri, hosts);
      if (named.getRequiredReplicaSetName().equals(answers.hello().getString("setName"))) {
        throw silent(hosts);
      }
      return answers;
    }
  }

  private static Answers ask(MongoClient client) {
    MongoDatabase admin = client.getDatabase("admin");
    return new Answers(
        admin.runCommand(new Document("hello", 1)), admin.runCommand(new Document("buildInfo", 1)));
  }

  /**
   * Asks the first server directly: with a replica set name the driver hides servers outside it.
   */
  private static Answers askDirectly(String uri, String hosts) {
    try (MongoClient client = ReplicaSet.directClient(uri, PATIENCE)) {
      return ask(client);
    } catch (MongoException e) {
      throw silent(hosts);
    }
  }

  private static MongoUnavailableException silent(String hosts) {
    return new MongoUnavailableException(
        "The server of MONGODB_URI ("
            + hosts
            + ") does not answer within "
            + PATIENCE.toSeconds()
            + " s. Is it running, and can this machine reach it? "
            + "Without MONGODB_URI, ./run finds or starts a server.");
  }

  private static String standalone(String hosts) {
    return """
    The server of MONGODB_URI (%s) is a standalone server. Pulso needs a replica set; one node
    is enough. Start it with --replSet rs0 (or replication.replSetName in mongod.conf), then once:
      mongosh --eval 'rs.initiate()'\
    """
        .formatted(hosts);
  }

  private static String uninitiated(String hosts) {
    return """
    The server of MONGODB_URI (%s) was started for a replica set that does not exist yet. Once:
      mongosh --eval 'rs.initiate()'\
    """
        .formatted(hosts);
  }
}
