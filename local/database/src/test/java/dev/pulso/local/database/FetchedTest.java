package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchedTest {
  @TempDir private Path cache;

  @Test
  void fileThatAnotherProcessStillHoldsRunsOnceFetched() throws Exception {
    Wish wish = new Wish(Optional.empty(), Map.of("XDG_CACHE_HOME", cache.toString()), line -> {});

    Path file = Fetched.file(new HeldForASecond(), wish);

    assertThat(new ProcessBuilder(file.toString()).start().waitFor()).isZero();
  }

  private static final class HeldForASecond implements Fetched.Source {
    @Override
    public String name() {
      return "probe-1.0";
    }

    @Override
    public String origin() {
      return "this test";
    }

    @Override
    public String file() {
      return "probe";
    }

    @Override
    public Path fetch(Path folder, Wish wish) throws IOException {
      Path file = Files.writeString(folder.resolve(file()), "#!/bin/sh\nexit 0\n");
      String hold = "exec 3>>" + file + " && echo held && exec sleep 1";
      Process holder = new ProcessBuilder(List.of("sh", "-c", hold)).start();
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      return file;
    }
  }
}
