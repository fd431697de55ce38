package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.fixture.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(2)
class ServerInDockerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static Map<String, String> environment;

  @TempDir private Path folder;

  @BeforeAll
  static void findDocker() {
    environment = Machine.withDocker();
  }

  @Test
  void testServerSupportsTransactionsAndCleansUp() throws Exception {
    List<String> its;
    try (MongoServer server = Machine.start(environment)) {
      Notes.write(server.uri(), "first");
      assertThat(Notes.read(server.uri())).containsExactly("first");
      assertThat(server.origin()).startsWith("Docker image ");
      // A container that another test is removing may still be listed with the reused port.
      its = containersAt(server.uri());
      assertThat(its).isNotEmpty();
    }
    DockerEngine engine = DockerEngine.find();
    Eventually.isTrue(PATIENCE, () -> ofTests(engine).noneMatch(c -> its.contains(c.getId())));
  }

  @Test
  void testServerWaitsForNoDisk() throws NotThisWayException {
    try (MongoServer server = Machine.start(environment);
        MongoClient client = MongoClients.create(server.uri())) {
      MongoDatabase admin = client.getDatabase("admin");
      Document config = admin.runCommand(new Document("replSetGetConfig", 1));
      assertThat(config.get("config", Document.class))
          .containsEntry("writeConcernMajorityJournalDefault", false);
      Document parameter = new Document("getParameter", 1).append("ttlMonitorEnabled", 1);
      assertThat(admin.runCommand(parameter)).containsEntry("ttlMonitorEnabled", false);
      DockerEngine engine = DockerEngine.find();
      String it =
          Eventually.answer(PATIENCE, () -> containersAt(server.uri()), its -> its.size() == 1)
              .getFirst();
      assertThat(engine.client().inspectContainerCmd(it).exec().getHostConfig().getTmpFs())
          .containsKey("/data/db");
    }
  }

  @Test
  void nextJvmRemovesAbandonedContainer() throws Exception {
    String abandoned;
    try (OtherJvm killed = OtherJvm.start(environment)) {
      abandoned = containersAt(killed.uri()).getFirst();
      killed.kill();
    }
    Machine.start(environment).close();
    assertThat(MongoContainer.labelled(DockerEngine.find(), ContainerOwner.TESTS))
        .noneMatch(container -> container.getId().equals(abandoned));
  }

  @Test
  void killedRunKeepsItsData() throws Exception {
    try (OtherJvm killed = OtherJvm.start(environment, folder)) {
      Notes.write(killed.uri(), "before");
      killed.kill();
      try (MongoServer server = Machine.start(folder, environment)) {
        Notes.write(server.uri(), "after");
        assertThat(containersOverTheFolder()).hasSize(1);
      }
    }
    assertThat(containersOverTheFolder()).isEmpty();
    try (MongoServer server = Machine.start(folder, environment)) {
      assertThat(Notes.read(server.uri())).containsExactlyInAnyOrder("before", "after");
    }
  }

  @Test
  void unavailableImageIsReported() {
    Map<String, String> wrong = new HashMap<>(environment);
    wrong.put(MongoImage.VARIABLE, "127.0.0.1:1/no-such-image:0");
    assertThatThrownBy(() -> Machine.start(wrong))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("Docker: 127.0.0.1:1/no-such-image:0: ");
  }

  private List<Container> containersOverTheFolder() throws NotThisWayException, IOException {
    String home = folder.toRealPath().toString();
    return MongoContainer.labelled(DockerEngine.find(), "dev.pulso.folder").stream()
        .filter(c -> c.getLabels().get("dev.pulso.folder").startsWith(home))
        .toList();
  }

  private static Stream<Container> ofTests(DockerEngine engine) {
    return MongoContainer.labelled(engine, ContainerOwner.TESTS).stream();
  }

  private static List<String> containersAt(String uri) throws NotThisWayException {
    return ofTests(DockerEngine.find())
        .filter(
            container ->
                Stream.of(container.getPorts())
                    // Another container may have the same port over IPv6.
                    .filter(p -> !"::".equals(p.getIp()))
                    .anyMatch(p -> uri.contains(":" + p.getPublicPort() + "/")))
        .map(Container::getId)
        .toList();
  }
}
