package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerInDockerIT {
  private static Map<String, String> environment;

  @TempDir private Path folder;

  @BeforeAll
  static void findDocker() {
    environment = Machine.withDocker();
  }

  @Test
  void aServerForTestsKnowsTransactionsAndLeavesNothingBehind() throws NotThisWayException {
    List<String> mine = new ArrayList<>();
    try (MongoServer server = Machine.start(environment)) {
      Notes.write(server.uri(), "first");
      assertThat(Notes.read(server.uri())).containsExactly("first");
      assertThat(server.origin()).isEqualTo("Docker image mongo:6.0.5");
      mine.addAll(containersOfThisJvm());
      assertThat(mine).isNotEmpty();
    }
    assertThat(containersOfThisJvm()).isEmpty();
  }

  @Test
  void aContainerOfAKilledJvmIsRemovedByTheNext() throws Exception {
    String abandoned;
    try (OtherJvm killed = OtherJvm.start(environment)) {
      abandoned = containersOf(killed.process().pid()).getFirst();
      killed.kill();
    }
    Machine.start(environment).close();
    assertThat(MongoContainer.labelled(DockerEngine.find(), ContainerOwner.TESTS))
        .noneMatch(container -> container.getId().equals(abandoned));
  }

  @Test
  void aRunThatWasKilledLeavesItsContainerToTheNextAndDataSurviveBoth() throws Exception {
    try (OtherJvm killed = OtherJvm.start(environment, folder)) {
      Notes.write(killed.uri(), "before");
      killed.kill();
      try (MongoServer server = Machine.start(folder, environment)) {
        assertThat(server.uri()).isEqualTo(killed.uri());
        Notes.write(server.uri(), "after");
      }
    }
    assertThat(MongoContainer.labelled(DockerEngine.find(), "dev.pulso.folder=" + folder))
        .isEmpty();
    try (MongoServer server = Machine.start(folder, environment)) {
      assertThat(Notes.read(server.uri())).containsExactlyInAnyOrder("before", "after");
    }
  }

  @Test
  void anImageThatIsNotToBeHadIsReported() {
    Map<String, String> wrong = new HashMap<>(environment);
    wrong.put(MongoImage.VARIABLE, "127.0.0.1:1/no-such-image:0");
    assertThatThrownBy(() -> Machine.start(wrong))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("Docker: 127.0.0.1:1/no-such-image:0: ");
  }

  private static List<String> containersOfThisJvm() throws NotThisWayException {
    return containersOf(ProcessHandle.current().pid());
  }

  private static List<String> containersOf(long process) throws NotThisWayException {
    return MongoContainer.labelled(DockerEngine.find(), ContainerOwner.TESTS).stream()
        .filter(c -> c.getLabels().get(ContainerOwner.TESTS).contains("/" + process + "/"))
        .map(c -> c.getId())
        .toList();
  }
}
