package dev.pulso.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.ServerAddress;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.bulk.WriteConcernError;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class ServerErrorsTest {
  private static final int SHUTDOWN = 91;
  private static final int INVALID_DOCUMENT = 121;

  @Test
  void bulkWritesFailForTheirParts() {
    assertThat(isPassing(List.of(error(INVALID_DOCUMENT)), null)).isFalse();
    assertThat(isPassing(List.of(error(INVALID_DOCUMENT), error(SHUTDOWN)), null)).isTrue();
    assertThat(isPassing(List.of(), concern(SHUTDOWN))).isTrue();
  }

  private static boolean isPassing(List<BulkWriteError> errors, WriteConcernError concern) {
    return ServerErrors.isPassing(
        new MongoBulkWriteException(
            BulkWriteResult.unacknowledged(), errors, concern, new ServerAddress(), Set.of()));
  }

  private static BulkWriteError error(int code) {
    return new BulkWriteError(code, "", new BsonDocument(), 0);
  }

  private static WriteConcernError concern(int code) {
    return new WriteConcernError(code, "", "", new BsonDocument());
  }
}
