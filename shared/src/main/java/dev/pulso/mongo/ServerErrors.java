package dev.pulso.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoWriteException;
import com.mongodb.WriteError;
import com.mongodb.bulk.WriteConcernError;
import com.mongodb.client.MongoCollection;
import dev.pulso.observe.Log;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;

/** Classifies error codes of the server. */
public final class ServerErrors {
  private static final int BAD_VALUE = 2;
  private static final int DUPLICATE_KEY = 11000;
  private static final int UNAUTHORIZED = 13;

  /** Atlas uses it for several errors, including a wrong password. */
  private static final int ATLAS_ERROR = 8000;

  /** Authentication failed, or must be repeated. */
  private static final Set<Integer> UNAUTHENTICATED = Set.of(18, 391);

  /** An index of this name has other options, or other keys. */
  private static final Set<Integer> INDEX_NAME_TAKEN = Set.of(85, 86);

  /** Command unknown, command or feature not supported, not implemented, stage unknown. */
  private static final Set<Integer> UNSUPPORTED = Set.of(59, 115, 238, 303, 40324);

  /**
   * Temporary: interrupted by shutdown or step-down, not primary, write conflict, snapshot too old
   * or, after a change of indexes, not yet available.
   */
  private static final Set<Integer> PASSING =
      Set.of(91, 112, 189, 237, 239, 246, 10107, 11600, 11602, 13435, 13436);

  private ServerErrors() {}

  /** Returns whether a unique key exists already. */
  public static boolean isDuplicateKey(MongoException e) {
    return e.getCode() == DUPLICATE_KEY;
  }

  static boolean isDuplicateKey(WriteError error) {
    return error.getCode() == DUPLICATE_KEY;
  }

  /** Returns whether all errors of a bulk write are duplicate keys. */
  public static boolean areDuplicateKeys(MongoBulkWriteException e) {
    return e.getWriteConcernError() == null
        && e.getWriteErrors().stream().allMatch(ServerErrors::isDuplicateKey);
  }

  /**
   * Returns whether the server refused a write for its document: a validator does not accept it, or
   * it would become too large. The same write of other documents succeeds.
   */
  public static boolean isRefused(MongoException e) {
    return e instanceof MongoWriteException && !isTimeout(e) && !isPassing(e);
  }

  /** Logs a refused write of one document. */
  public static void logRefused(MongoCollection<Document> collection, int code) {
    Log.error(
        "write_refused",
        json ->
            json.text("collection", collection.getNamespace().getCollectionName())
                .number("code", code));
  }

  /** Returns whether a different index has the same name. */
  public static boolean isIndexNameTaken(MongoException e) {
    return INDEX_NAME_TAKEN.contains(e.getCode());
  }

  /** Returns whether the hint of a read may name no index. */
  public static boolean isBadHint(MongoException e) {
    return e.getCode() == BAD_VALUE;
  }

  /** Returns whether the operation exceeded its time limit. */
  public static boolean isTimeout(MongoException e) {
    return e instanceof MongoExecutionTimeoutException
        || e instanceof MongoOperationTimeoutException;
  }

  /** Returns whether nobody answered in time: a write may have been done, or may still be. */
  static boolean mayHaveLanded(MongoException e) {
    return isTimeout(e)
        && !(e instanceof MongoExecutionTimeoutException)
        && !(e.getCause() instanceof MongoExecutionTimeoutException);
  }

  /**
   * Returns whether the error is temporary, as during a change of the primary, so a retry may
   * succeed.
   */
  public static boolean isPassing(MongoException e) {
    return e instanceof MongoNotPrimaryException
        || e instanceof MongoNodeIsRecoveringException
        || e.hasErrorLabel("RetryableWriteError")
        || codes(e).anyMatch(PASSING::contains);
  }

  /** Returns the code of an error. A bulk write has none of its own, but those of its parts. */
  private static IntStream codes(MongoException e) {
    return e instanceof MongoBulkWriteException bulk
        ? IntStream.concat(
            bulk.getWriteErrors().stream().mapToInt(WriteError::getCode),
            Stream.ofNullable(bulk.getWriteConcernError()).mapToInt(WriteConcernError::getCode))
        : IntStream.of(e.getCode());
  }

  /**
   * Runs a write that the driver does not retry, because it changes many documents. Retries it once
   * if the connection breaks or the primary changes. The write must be safe to repeat.
   */
  public static <T> T repeating(Supplier<T> write) {
    try {
      return write.get();
    } catch (MongoException e) {
      if (!(e instanceof MongoSocketException) && !isPassing(e)) {
        throw e;
      }
      return write.get();
    }
  }

  /** Returns what the work returns, or the other value when it exceeds its time limit. */
  public static <T> T inTime(Supplier<T> work, T otherwise) {
    try {
      return work.get();
    } catch (MongoException e) {
      if (!isTimeout(e)) {
        throw e;
      }
      return otherwise;
    }
  }

  /**
   * Returns whether the server refused the password. False if the server was merely unavailable, or
   * the user lacks a right. A dropped user stays connected, and is then told to authenticate.
   */
  public static boolean isUnauthenticated(RuntimeException e) {
    boolean isAuthenticating = false;
    for (Throwable t = e; t instanceof MongoException failure; t = t.getCause()) {
      isAuthenticating |= failure instanceof MongoSecurityException;
      if (UNAUTHENTICATED.contains(failure.getCode())
          || (isAuthenticating && failure.getCode() == ATLAS_ERROR)
          || (failure.getCode() == UNAUTHORIZED
              && failure.getMessage().contains("requires authentication"))) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the server does not know a command or a part of it, so it is not MongoDB. */
  public static boolean isUnsupported(MongoException e) {
    return UNSUPPORTED.contains(e.getCode()) || e instanceof MongoIncompatibleDriverException;
  }
}
