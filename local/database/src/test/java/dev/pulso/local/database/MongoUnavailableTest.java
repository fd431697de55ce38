package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MongoUnavailableTest {
  @TempDir private Path folder;

  @Test
  void messageListsEveryAttempt() throws IOException {
    Path noFolder = Files.createFile(folder.resolve("file"));
    Map<String, String> poor = Map.of("PATH", "/nowhere", "XDG_CACHE_HOME", noFolder.toString());
    List<String> said = new ArrayList<>();
    Wish wish = new Wish(Optional.of(folder), poor, said::add);
    assertThatThrownBy(() -> MongoServer.find(wish, Way.PATH, Way.FETCH))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("  - MONGODB_URI: not set\n")
        .hasMessageContaining("  - mongod on the PATH: there is no mongod on it\n")
        .hasMessageContaining("  - fetched mongod: cannot store it as " + noFolder)
        .hasMessageContaining("install MongoDB 6.0 or later")
        .hasMessageContaining("start Docker")
        .hasMessageContaining("set MONGODB_URI");
    assertThat(said).contains("No MongoDB from mongod on the PATH: there is no mongod on it");
  }

  @Test
  void messageNamesRefusedData() throws IOException {
    Path data = Files.createDirectories(folder.resolve("mongodb").resolve("data"));
    Files.writeString(data.resolve("storage.bson"), "not BSON");
    Wish wish = new Wish(Optional.of(folder), System.getenv(), _ -> {});
    assertThatThrownBy(() -> MongoServer.find(wish, Way.PATH))
        .hasMessageContaining("  - delete " + data + ", if mongod refuses the data in it\n");
    assertThat(MongoUnavailableException.after(List.of(), Optional.empty()))
        .message()
        .doesNotContain("delete");
  }

  @Test
  void sourceCanBeChosen() {
    assertThat(Way.chosen(Map.of(), Way.DOCKER, Way.PATH)).containsExactly(Way.DOCKER, Way.PATH);
    assertThat(Way.chosen(Map.of(Way.CHOICE, "Fetch"), Way.values())).containsExactly(Way.FETCH);
  }

  @Test
  void unknownSourceIsRefused() {
    assertThatThrownBy(() -> Way.chosen(Map.of(Way.CHOICE, "atlas"), Way.values()))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessage("PULSO_MONGO is \"atlas\", but must be path, docker or fetch.");
  }
}
