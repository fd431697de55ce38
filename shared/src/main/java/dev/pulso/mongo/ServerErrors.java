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
import java.util.Set;
import java.util.function.Supplier;

/** What the server's error codes mean here. */
public final class ServerErrors {
  private static final int DUPLICATE_KEY = 11000;
  private static final int UNAUTHORIZED = 13;

  /** Atlas's for many things, a wrong password among them. */
  private static final int ATLAS_ERROR = 8000;

  /** Authentication failed, authentication has to be repeated. */
  private static final Set<Integer> UNAUTHENTICATED = Set.of(18, 391);

  /** Other options, or other keys. */
  private static final Set<Integer> INDEX_NAME_TAKEN = Set.of(85, 86);

  /** Command unknown, command or feature not supported, not implemented, stage unknown. */
  private static final Set<Integer> UNSUPPORTED = Set.of(59, 115, 238, 303, 40324);

  /** Interrupted by shutdown or step-down, not primary, write conflict, snapshot too old. */
  private static final Set<Integer> PASSING =
      Set.of(91, 112, 189, 237, 239, 10107, 11600, 11602, 13435, 13436);

  private ServerErrors() {}

  /** Whether a document with the same unique key was there already. */
  public static boolean isDuplicateKey(MongoException e) {
    return e.getCode() == DUPLICATE_KEY
        || (e instanceof MongoWriteException write && write.getError().getCode() == DUPLICATE_KEY);
  }

  /** Whether nothing else went wrong than that documents were there already. */
  public static boolean areDuplicateKeys(MongoBulkWriteException e) {
    return e.getWriteConcernError() == null
        && e.getWriteErrors().stream().allMatch(error -> error.getCode() == DUPLICATE_KEY);
  }

  /** Whether an index of the same name but of another kind is there. */
  public static boolean isIndexNameTaken(MongoException e) {
    return INDEX_NAME_TAKEN.contains(e.getCode());
  }

  /** Whether the time that the operation was given was over. */
  public static boolean isTimeout(MongoException e) {
    return e instanceof MongoExecutionTimeoutException
        || e instanceof MongoOperationTimeoutException;
  }

  /** Whether the server is changing its role, and the same operation may do well soon. */
  public static boolean isPassing(MongoException e) {
    return e instanceof MongoNotPrimaryException
        || e instanceof MongoNodeIsRecoveringException
        || e.hasErrorLabel("RetryableWriteError")
        || PASSING.contains(e.getCode());
  }

  /**
   * Does a write that the driver does not repeat, because it changes many documents: once more when
   * the connection breaks or the server changes its role. It has to be harmless when it is
   * repeated.
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

  /**
   * Whether the server did not take the user's password: not when it was merely away while it was
   * asked, nor when the user may not do something. A user who was dropped stays connected, and is
   * told to authenticate then.
   */
  public static boolean isUnauthenticated(MongoException e) {
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

  /** Whether the server does not know the command, or a part of it: it is not MongoDB then. */
  public static boolean isUnsupported(MongoException e) {
    return UNSUPPORTED.contains(e.getCode()) || e instanceof MongoIncompatibleDriverException;
  }
}
