package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MongodLogTest {
  private static final String INFO =
      "{\"t\":{\"$date\":\"2025-01-15T10:30:00.000+00:00\"},\"s\":\"I\",\"c\":\"CONTROL\",\"msg\":\"Exiting\"}";

  @Test
  void firstErrorIsTheReason() {
    String error =
        "{\"s\":\"E\",\"c\":\"CONTROL\",\"msg\":\"DBException in initAndListen, terminating\","
            + "\"attr\":{\"error\":\"DBPathInUse: Unable to lock the lock file\"}}";
    assertThat(MongodLog.reason(List.of(INFO, error, INFO)))
        .isEqualTo(
            "DBException in initAndListen, terminating: DBPathInUse: Unable to lock the lock file");
  }

  @Test
  void errorMayBeDocument() {
    String error =
        "{\"s\":\"F\",\"msg\":\"Wrong version\",\"attr\":{\"error\":{\"code\":62,\"errmsg\":\"too"
            + " old\"}}}";
    assertThat(MongodLog.reason(List.of(error))).isEqualTo("Wrong version: too old");
  }

  @Test
  void lastLineIsFallback() {
    assertThat(MongodLog.reason(List.of(INFO, "mongod: unknown option")))
        .contains("unknown option");
    assertThat(MongodLog.reason(List.of())).isEqualTo("its log is empty");
    assertThat(MongodLog.reason(Path.of("/no/such.log"))).isEqualTo("no log at /no/such.log");
  }
}
