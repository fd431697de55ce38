package dev.pulso.mongo;

import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.observe.Observation;
import dev.pulso.observe.Trace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Notes every command in the {@link Observation} of the work that sends it. The driver calls this
 * on the thread of the work.
 */
final class ObservedCommands implements CommandListener {
  @Override
  public void commandStarted(CommandStartedEvent event) {
    Optional<Trace> trace = Observation.current().trace();
    if (trace.isPresent()) {
      trace.get().commandBegins(event.getRequestId(), collection(event));
    }
  }

  @Override
  public void commandSucceeded(CommandSucceededEvent event) {
    ended(
        event.getRequestId(),
        event.getCommandName(),
        event.getElapsedTime(TimeUnit.NANOSECONDS),
        Optional.empty());
  }

  @Override
  public void commandFailed(CommandFailedEvent event) {
    ended(
        event.getRequestId(),
        event.getCommandName(),
        event.getElapsedTime(TimeUnit.NANOSECONDS),
        Optional.of(event.getThrowable()));
  }

  private static void ended(int request, String command, long nanos, Optional<Throwable> failure) {
    Observation observation = Observation.current();
    Duration took = Duration.ofNanos(nanos);
    observation.databaseCall(took);
    if (observation.trace().isPresent()) {
      observation.trace().get().commandEnds(request, command, took, failure);
    }
  }

  /** Most commands name the collection first; {@code getMore} names it in another field. */
  private static Optional<String> collection(CommandStartedEvent event) {
    BsonDocument command = event.getCommand();
    BsonValue first = command.get(event.getCommandName());
    BsonValue named = first != null && first.isString() ? first : command.get("collection");
    return named != null && named.isString()
        ? Optional.of(named.asString().getValue())
        : Optional.empty();
  }
}
