package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerOwnerTest {
  private final String own = ContainerOwner.of(Optional.empty()).value();

  @Test
  void aRunningProcessIsNotGone() {
    assertThat(ContainerOwner.isGone(own)).isFalse();
  }

  @Test
  void anEarlierProcessOfTheSameNumberIsGone() {
    assertThat(ContainerOwner.isGone(own.replaceAll("/\\d+$", "/1"))).isTrue();
  }

  @Test
  void ofAnotherMachinesProcessesNothingIsKnown() {
    assertThat(ContainerOwner.isGone("elsewhere" + own.substring(own.indexOf('/')))).isFalse();
    assertThat(ContainerOwner.isGone("not an owner")).isFalse();
  }

  @Test
  void theContainerOfAFolderIsRecognisedByTheFolder() {
    assertThat(ContainerOwner.of(Optional.of(Path.of("/data"))).labels())
        .containsEntry("dev.pulso.folder", "/data");
  }
}
