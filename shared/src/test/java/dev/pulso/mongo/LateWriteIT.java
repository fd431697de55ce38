package dev.pulso.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.UpdateOneModel;
import dev.pulso.fixture.PulsoFixture;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads what this process prints")
class LateWriteIT {
  @Test
  void lateFailureIsLogged() throws InterruptedException {
    BlockingQueue<String> printed = new LinkedBlockingQueue<>();
    PrintStream before = System.out;
    try (PulsoFixture fixture = PulsoFixture.openBare();
        ClientSession somebody = fixture.db().client().startSession()) {
      Document secret = new Document("_id", "hidden").append("n", 1);
      fixture.db().counterSnapshots().insertOne(secret);
      somebody.startTransaction();
      fixture
          .db()
          .counterSnapshots()
          .updateOne(somebody, secret, Document.parse("{$set: {n: 'text'}}"));
      System.setOut(lines(printed));
      var add =
          new UpdateOneModel<Document>(
              new Document("_id", "hidden"), Document.parse("{$inc: {n: 1}}"));
      assertThat(
              IndependentWrites.write(fixture.db().counterSnapshots(), List.of(add), Duration.ZERO)
                  .late())
          .containsExactly(0);
      somebody.commitTransaction();
      assertThat(printed.poll(20, TimeUnit.SECONDS))
          .contains("\"write_refused\"", "\"pulso_tallies\"", "\"code\":14")
          .doesNotContain("hidden", "text");
    } finally {
      System.setOut(before);
    }
  }

  private static PrintStream lines(BlockingQueue<String> lines) {
    return new PrintStream(OutputStream.nullOutputStream()) {
      @Override
      public void println(String line) {
        lines.add(line);
      }
    };
  }
}
