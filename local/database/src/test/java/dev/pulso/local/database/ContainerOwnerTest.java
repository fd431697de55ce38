package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerOwnerTest {
  private final String own = ContainerOwner.of(Optional.empty()).value();

  @Test
  void runningProcessIsNotGone() {
    assertThat(ContainerOwner.isGone(own)).isFalse();
  }

  @Test
  void reusedProcessIdIsGone() {
    assertThat(ContainerOwner.isGone(own.replaceAll("/\\d+$", "/1"))).isTrue();
  }

  @Test
  void processesOfOtherMachinesAreUnknown() {
    assertThat(ContainerOwner.isGone("elsewhere" + own.substring(own.indexOf('/')))).isFalse();
    assertThat(ContainerOwner.isGone("not an owner")).isFalse();
  }

  @Test
  void containerIsRecognizedByFolder() {
    assertThat(ContainerOwner.of(Optional.of(Path.of("/data"))).labels())
        .containsEntry("dev.pulso.folder", "/data");
  }
}
