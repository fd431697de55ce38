package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MongodArchiveTest {
  private static final String MONGOD = "#!/bin/sh\necho 'db version v7.0.99'\n";

  @TempDir private Path folder;
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
  private HttpServer site;
  private Wish wish;

  @BeforeEach
  void serve() throws IOException, InterruptedException {
    byte[] archive = archive();
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
          exchange.close();
        });
    site.start();
    wish =
        new Wish(
            Optional.empty(),
            Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()),
            said::add);
  }

  @AfterEach
  void stop() {
    site.stop(0);
  }

  @Test
  void archiveIsFetchedOnceAndKept() throws NotThisWayException, IOException {
    List<Fetched.Source> sources = List.of(archiveOf(site));

    MongodBinary binary = FetchedMongod.find(sources, wish);

    assertThat(binary.origin()).isEqualTo("fetched mongod 7.0.99");
    assertThat(binary.file()).hasContent(MONGOD).startsWith(folder);
    assertThat(asked).singleElement().asString().matches("/\\w+/mongodb-.*-7\\.0\\.\\d+\\.tgz");
    FetchedMongod.find(sources, wish);
    assertThat(asked).hasSize(1);
    try (var kept = Files.walk(folder.resolve("cache"))) {
      assertThat(kept.filter(Files::isRegularFile)).containsExactly(binary.file());
    }
  }

  @Test
  void nextSourceIsTriedAfterFailure() throws NotThisWayException {
    MongodArchive away = archiveOf(site);
    stop();

    MongodBinary binary = FetchedMongod.find(List.of(away, new Given()), wish);

    assertThat(binary.origin()).isEqualTo("fetched mongod 7.0.99");
    assertThat(said).hasSize(3).anyMatch(line -> line.contains("is unavailable: java.net.Connect"));
  }

  @Test
  void everySourceGivesReason() {
    MongodArchive away = archiveOf(site);
    stop();

    assertThatThrownBy(() -> FetchedMongod.find(List.of(away, away), wish))
        .isInstanceOf(NotThisWayException.class)
        .hasMessageMatching("(?s)(the official MongoDB archive .*refused.*;? ?){2}");
  }

  private static MongodArchive archiveOf(HttpServer site) {
    return new MongodArchive("http://127.0.0.1:" + site.getAddress().getPort());
  }

  private byte[] archive() throws IOException, InterruptedException {
    Path program = Files.createDirectories(folder.resolve("mongodb/bin")).resolve("mongod");
    Files.writeString(program, MONGOD);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Process tar =
        new ProcessBuilder("tar", "czf", "archive.tgz", "mongodb")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    return Files.readAllBytes(folder.resolve("archive.tgz"));
  }

  /** A source that has the binary already. */
  private record Given() implements Fetched.Source {
    @Override
    public String name() {
      return "given";
    }

    @Override
    public String origin() {
      return "this test";
    }

    @Override
    public String file() {
      return FetchedMongod.FILE;
    }

    @Override
    public Path fetch(Path folder, Wish wish) throws IOException {
      return Files.writeString(folder.resolve(file()), MONGOD);
    }
  }
}
