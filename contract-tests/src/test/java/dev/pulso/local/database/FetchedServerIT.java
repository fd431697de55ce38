package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchedServerIT {
  @TempDir private Path cache;

  @Test
  void fetchedMongodServes() throws IOException, NotThisWayException {
    Map<String, String> environment = Machine.bare("fetch");
    environment.put("XDG_CACHE_HOME", cache.toString());
    List<String> said = new ArrayList<>();
    Wish wish = new Wish(Optional.empty(), environment, said::add);
    try (MongoServer server = MongoServer.find(wish, Way.values())) {
      assertThat(server.origin()).startsWith("fetched mongod ");
      Notes.write(server.uri(), "first");
      assertThat(Notes.read(server.uri())).containsExactly("first");
    } catch (MongoUnavailableException e) {
      Machine.skip("no mongod to be fetched from here: " + e.getMessage());
    }
    List<String> saidBefore = List.copyOf(said);
    assertThat(saidBefore).hasSizeBetween(1, 3);
    try (Stream<Path> kept = Files.walk(cache)) {
      assertThat(kept.filter(Files::isRegularFile)).hasSize(1);
    }

    assertThat(FetchedMongod.find(wish).file()).startsWith(cache);

    assertThat(said).isEqualTo(saidBefore);
  }
}
