package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerOfTestsIT {
  @Test
  void testsShareServerAndCannotStopIt() {
    MongoServer first = MongoServer.forTests();
    first.close();
    MongoServer second = MongoServer.forTests();
    assertThat(second.uri()).isEqualTo(first.uri());
    Notes.write(second.uri(), getClass().getName());
    assertThat(Notes.read(second.uri())).contains(getClass().getName());
  }
}
