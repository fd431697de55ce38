package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoSecurityException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedServerIT {
  private static final Document LIST = new Document("listCollections", 1);

  @TempDir private Path folder;

  @Test
  void mongodRequiresPassword() {
    guards(GuardedServer.start(wish(Machine::withMongod)));
  }

  @Test
  void containerRequiresPasswordAndRunsScripts() throws Exception {
    GuardedServer server = GuardedServer.start(wish(Machine::withDocker));
    guards(server);
    runsScripts(server);
  }

  @Test
  void testsOfJvmShareOneServer() throws Exception {
    GuardedServer server = GuardedServer.forTests();
    assertThat(GuardedServer.forTests()).isSameAs(server);
    runsScripts(server);
  }

  private static Wish wish(Supplier<Map<String, String>> environment) {
    return Machine.wish(environment.get());
  }

  private static void guards(GuardedServer server) {
    assertThat(list(server.uri())).isEqualTo(1.0);
    assertThatThrownBy(() -> list(server.uri("root", "guess")))
        .isInstanceOf(MongoSecurityException.class);
    assertThatThrownBy(() -> list("mongodb://" + server.hosts() + "/?directConnection=true"))
        .isInstanceOf(MongoCommandException.class)
        .hasMessageContaining("requires authentication");
  }

  private void runsScripts(GuardedServer server) throws IOException, InterruptedException {
    Path script = folder.resolve("script.js");
    Files.writeString(script, "print(db.hello().ok, process.env.GREETING); quit(3);");
    Optional<GuardedServer.ShellResult> result = server.mongosh(script, Map.of("GREETING", "hola"));
    if (result.isEmpty()) {
      Machine.skip("no mongosh");
    }
    assertThat(result.get().status()).isEqualTo(3);
    assertThat(result.get().output().lines()).containsExactly("1 hola");
  }

  private static Object list(String uri) {
    try (MongoClient client = MongoClients.create(uri)) {
      return client.getDatabase("test").runCommand(LIST).get("ok");
    }
  }
}
