package dev.pulso.local.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFilesTest {
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

  @TempDir private Path folder;

  @Test
  void tokensAreWrittenBothWays() throws IOException, ParseException {
    Map<String, String> tokens = Map.of("reader", "r.r.r", "wrong-key", "w.w.w");
    TokenFiles files = new TokenFiles(folder.resolve("new"));
    files.write(tokens);
    assertThat(JSONObjectUtils.parse(Files.readString(files.all()))).isEqualTo(tokens);
    assertThat(files.of("reader")).hasContent("r.r.r");
    assertThat(files.of("wrong-key")).hasContent("w.w.w");
  }

  @Test
  void onlyOwnerCanReadThem() throws IOException {
    TokenFiles files = new TokenFiles(folder);
    Files.writeString(files.all(), "readable by all");
    Files.setPosixFilePermissions(files.all(), PosixFilePermissions.fromString("rw-r--r--"));
    files.write(Map.of("reader", "r.r.r"));
    assertThat(Files.getPosixFilePermissions(files.all())).isEqualTo(OWNER_ALONE);
    assertThat(Files.getPosixFilePermissions(files.of("reader"))).isEqualTo(OWNER_ALONE);
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile).toList())
          .containsExactlyInAnyOrderElementsOf(List.of(files.all(), files.of("reader")));
    }
  }
}
