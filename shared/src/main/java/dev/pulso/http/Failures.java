package dev.pulso.http;

import com.mongodb.MongoClientException;
import com.mongodb.MongoException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.ForeignAccountException;
import dev.pulso.access.RateLimitedException;
import dev.pulso.access.UnauthenticatedException;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.cancel.InvalidReasonException;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.list.InvalidParameterException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.mongo.UnsupportedDatabaseException;
import dev.pulso.mongo.UnsupportedDatabaseException.Lack;
import dev.pulso.observe.Log;
import dev.pulso.observe.LoggedException;
import dev.pulso.time.TimedOutException;
import dev.pulso.webhooks.WebhookException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Maps exceptions to responses. The only place that does. */
public final class Failures {
  private static final Map<String, String> RETRY = Map.of("Retry-After", "2");

  private static final Map<String, String> AUTHENTICATE = Map.of("WWW-Authenticate", "Bearer");

  private Failures() {}

  /** Returns the problem document of a failure. */
  public static Problem problem(RuntimeException failure) {
    return switch (failure) {
      case BatchNotFoundException e ->
          Problem.of(404, "BATCH_NOT_FOUND", "Not found", e.getMessage());
      case BadRequestException e -> e.problem();
      case InvalidReasonException e ->
          Problem.of(400, "INVALID_REASON", "Bad request", e.getMessage());
      case InvalidParameterException e ->
          Problem.of(400, "INVALID_PARAMETER", "Bad request", e.getMessage());
      case TooLargeException e -> e.problem();
      case UnsupportedMediaTypeException e ->
          Problem.of(415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported media type", e.getMessage());
      case WebhookException e -> problem(e);
      case UnauthenticatedException e ->
          new Problem(401, "UNAUTHENTICATED", "Unauthenticated", e.getMessage(), AUTHENTICATE);
      case ForbiddenException e -> Problem.of(403, "FORBIDDEN", "Forbidden", e.getMessage());
      case ForeignAccountException e ->
          Problem.of(403, "ACCOUNT_FORBIDDEN", "Forbidden", e.getMessage());
      case RateLimitedException e ->
          new Problem(
              429, "RATE_LIMITED", "Too many requests", e.getMessage(), e.refusal().headers());
      case TimedOutException e -> unavailable("TIMED_OUT", "The request took too long. Try again.");
      case MissingConnectionException e ->
          unavailable(
              "DATABASE_UNAVAILABLE",
              "A setting that Pulso needs is missing, invalid or unreadable. Tell an operator.");
      case UnsupportedDatabaseException e -> unavailable(e.lack().name(), e.getMessage());
      case MongoException e when ServerErrors.isUnsupported(e) ->
          problem(new UnsupportedDatabaseException(Lack.DATABASE_UNSUPPORTED));
      case MongoException e when isAway(e) -> databaseAway();
      default ->
          Problem.of(500, "INTERNAL_ERROR", "Internal error", "Internal error. Try again later.");
    };
  }

  private static Problem problem(WebhookException e) {
    String code = e.reason().name();
    return switch (e.reason()) {
      case WEBHOOK_NOT_FOUND, DELIVERY_NOT_FOUND ->
          Problem.of(404, code, "Not found", e.getMessage());
      case ACCOUNT_REQUIRED, INVALID_URL -> Problem.of(400, code, "Bad request", e.getMessage());
      case TOO_MANY_WEBHOOKS, WEBHOOK_DISABLED -> Problem.of(409, code, "Conflict", e.getMessage());
    };
  }

  /** Returns whether the fault is on our side and needs an operator. */
  public static boolean isOurs(Problem problem) {
    return problem.status() >= 500;
  }

  /**
   * Does work that answers no HTTP request.
   *
   * @throws LoggedException when it fails
   */
  public static <T> T logged(String route, Optional<String> requestId, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      Log.failure(route, requestId, problem(e).code(), e);
      throw new LoggedException();
    }
  }

  private static Problem databaseAway() {
    return unavailable("DATABASE_UNAVAILABLE", "The database is unavailable. Try again.");
  }

  private static Problem unavailable(String code, String detail) {
    return new Problem(503, code, "Service unavailable", detail, RETRY);
  }

  /**
   * Unreachable, shutting down, electing, too slow, or between two passwords: all of these are
   * temporary.
   */
  private static boolean isAway(MongoException e) {
    return e instanceof MongoTimeoutException
        || e instanceof MongoSocketException
        || e instanceof MongoClientException
        || ServerErrors.isTimeout(e)
        || ServerErrors.isUnauthenticated(e)
        || ServerErrors.isPassing(e);
  }
}
