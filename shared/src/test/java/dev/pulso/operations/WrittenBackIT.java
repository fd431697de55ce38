package dev.pulso.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchFields;
import dev.pulso.operations.OperationOutcome.Accepted;
import java.util.Date;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Another program writes a batch back as it was before an operation changed it, or deletes it. */
class WrittenBackIT extends ThreeBatches {
  @Test
  void batchWrittenBackAtOnceIsCancelled() {
    Document before = stored("active");
    Operation operation = finished(start(BatchAction.CANCEL, 3, () -> writeBack(before)));
    assertThat(operation).returns(3L, Operation::done).returns(9L, Operation::jobsCancelled);
    assertThat(stored("active"))
        .containsEntry("is_active", false)
        .containsEntry("pending_jobs", 0L)
        .containsEntry("cancelled_at", audit("active").getFirst().get("at"));
  }

  @Test
  void batchWrittenBackAtOnceIsPaused() {
    Document before = stored("active");
    Operation operation = finished(start(BatchAction.PAUSE, 2, () -> writeBack(before)));
    assertThat(operation).returns(2L, Operation::done).returns(1L, Operation::unchanged);
    assertThat(stored("active")).containsEntry("is_active", false);
    assertThat(audit("active")).hasSize(1);
  }

  @Test
  void deletedBatchEndsOperation() {
    Operation operation =
        finished(
            start(BatchAction.CANCEL, 3, () -> fixture.db().batches().deleteOne(byId("active"))));
    assertThat(operation).returns(2L, Operation::done).returns(1L, Operation::unchanged);
  }

  /** Its entry is in the audit log, and stays the only one. */
  @Test
  void batchWrittenBackLaterKeepsItsCancel() {
    Document before = stored("active");
    String id = start(BatchAction.CANCEL, ALL, 3);
    finished(id);
    Date at = stored("active").getDate("cancelled_at");
    writeBack(before);
    unfinish(id, "active", "paused", "peru");
    assertThat(finished(id)).returns(3L, Operation::done);
    assertThat(stored("active"))
        .containsEntry("cancelled_at", at)
        .containsEntry("pending_jobs", 0L);
    assertThat(audit("active")).hasSize(1);
  }

  private void writeBack(Document before) {
    fixture.db().batches().replaceOne(byId("active"), before);
  }

  /** Starts an operation; the other program acts before its audit entries are read. */
  private String start(BatchAction action, int expected, Runnable otherProgram) {
    AtomicBoolean isOver = new AtomicBoolean();
    CommandListener listener =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals("find")
                && event.getCommand().toString().contains(BatchFields.OUTBOX_OPERATION_ID)
                && isOver.compareAndSet(false, true)) {
              otherProgram.run();
            }
          }
        };
    try (Pulso watched = fixture.another(listener)) {
      return ((Accepted)
              watched
                  .services()
                  .operations()
                  .start(Caller.ANONYMOUS, request(action, ALL), expected, ANA, soon()))
          .operationId();
    } finally {
      assertThat(isOver).isTrue();
    }
  }
}
