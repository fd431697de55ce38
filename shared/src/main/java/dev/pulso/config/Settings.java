package dev.pulso.config;

import dev.pulso.access.AccessRules;
import dev.pulso.access.RateLimit;
import dev.pulso.observe.Tracer;
import java.net.InetSocketAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of a function, from the environment. Addresses and credentials of AWS are read where
 * they are used.
 *
 * @param mongoUri connection string, if set directly
 * @param mongoSecretId id of the secret that contains the connection string
 * @param database name of the database
 * @param batches name of the collection of batches
 * @param jobs name of the collection of jobs
 * @param accounts name of the collection of accounts
 * @param dashboardZone zone in which "today" begins at midnight
 * @param overviewCache how long an overview is cached; zero: not at all
 * @param maxPoolSize maximum number of connections of one process, besides one per member that
 *     monitors it
 * @param access the rules for verified claims
 * @param stack name of the deployment in logs and metrics
 * @param release name of the deployed release in logs and metrics
 * @param pollsPerLine how many quick polls one log line is about; 1: each has its own
 * @param tracing address of the X-Ray daemon; empty: no tracing
 * @param statusRateLimit polls of one batch by one user; empty: no limit
 * @param eventsUrl where clients connect for push; empty: under the API's own address
 * @param allowedOrigins of pages that may connect; {@code *} stands for all
 * @param redisUrl Redis for shared limits and cache, if set directly
 * @param redisSecretId id of the secret that contains the URL of Redis; with neither, each process
 *     has limits and cache of its own
 * @param webhooks what webhooks need
 */
public record Settings(
    Optional<String> mongoUri,
    Optional<String> mongoSecretId,
    String database,
    String batches,
    String jobs,
    String accounts,
    ZoneId dashboardZone,
    Duration overviewCache,
    int maxPoolSize,
    AccessRules access,
    String stack,
    String release,
    int pollsPerLine,
    Optional<InetSocketAddress> tracing,
    Optional<RateLimit> statusRateLimit,
    Optional<String> eventsUrl,
    List<String> allowedOrigins,
    Optional<RedisUrl> redisUrl,
    Optional<String> redisSecretId,
    Webhooks webhooks) {

  /**
   * The settings of webhooks.
   *
   * @param keys the keys that encrypt their secrets, if set directly
   * @param keysSecretId id of the secret that contains these keys
   * @param toLoopback whether plain http and loopback addresses are allowed, as on a laptop
   */
  public record Webhooks(
      Optional<String> keys, Optional<String> keysSecretId, boolean toLoopback) {}

  private static final int DEFAULT_POOL_SIZE = 3;

  /** CloudWatch reads up to 100 values of a metric from a line. */
  private static final int MOST_POLLS_PER_LINE = 100;

  private static final String X_RAY_DAEMON = "127.0.0.1:2000";

  private static final RateLimit DEFAULT_RATE_LIMIT = new RateLimit(1, Duration.ofSeconds(5));

  /**
   * Returns the settings in these environment variables.
   *
   * @throws InvalidSettingException when a variable has an invalid value
   */
  public static Settings from(Map<String, String> environment) {
    return new Settings(
        value(environment, "MONGODB_URI"),
        value(environment, "MONGODB_SECRET_ID"),
        read(environment, "MONGODB_DATABASE", DatabaseNames.DATABASE_RULE, DatabaseNames::database)
            .orElse("pulso"),
        collection(environment, "BATCHES_COLLECTION").orElse("batches"),
        collection(environment, "JOBS_COLLECTION").orElse("jobs"),
        collection(environment, "ACCOUNTS_COLLECTION").orElse("accounts"),
        zone(value(environment, "DASHBOARD_TIMEZONE").orElse("UTC")),
        Duration.ofSeconds(wholeNumber(environment, "OVERVIEW_CACHE_SECONDS", 30, 0, 86_400)),
        wholeNumber(environment, "MONGODB_MAX_POOL_SIZE", DEFAULT_POOL_SIZE, 1, 1_000),
        access(environment),
        value(environment, "STACK").orElse("local"),
        value(environment, "RELEASE").orElse("none"),
        wholeNumber(environment, "POLLS_PER_LINE", MOST_POLLS_PER_LINE, 1, MOST_POLLS_PER_LINE),
        tracing(environment),
        read(environment, "STATUS_RATE_LIMIT", "polls/seconds like 1/5s, or off", RateLimit::parse)
            .orElse(Optional.of(DEFAULT_RATE_LIMIT)),
        value(environment, "EVENTS_URL"),
        value(environment, "ALLOWED_ORIGINS").map(all -> List.of(all.split(","))).orElse(List.of()),
        read(environment, "REDIS_URL", "a URL like rediss://host:6379", RedisUrl::parse),
        value(environment, "REDIS_SECRET_ID"),
        new Webhooks(
            value(environment, "WEBHOOK_KEYS"),
            value(environment, "WEBHOOK_KEYS_SECRET_ID"),
            flag(environment, "WEBHOOKS_TO_LOOPBACK")));
  }

  /** Returns whether there is a Redis. */
  public boolean hasRedis() {
    return redisUrl.isPresent() || redisSecretId.isPresent();
  }

  private static Optional<String> collection(Map<String, String> environment, String name) {
    return read(environment, name, DatabaseNames.COLLECTION_RULE, DatabaseNames::collection);
  }

  private static Optional<InetSocketAddress> tracing(Map<String, String> environment) {
    return switch (value(environment, "TRACING").orElse("off")) {
      case "on" ->
          Optional.of(daemon(value(environment, "AWS_XRAY_DAEMON_ADDRESS").orElse(X_RAY_DAEMON)));
      case "off" -> Optional.empty();
      default -> throw new InvalidSettingException("TRACING", "on or off", null);
    };
  }

  private static <T> Optional<T> read(
      Map<String, String> environment, String name, String rule, Function<String, T> reader) {
    try {
      return value(environment, name).map(reader);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(name, rule, e);
    }
  }

  private static AccessRules access(Map<String, String> environment) {
    return new AccessRules(
        flag(environment, "ALLOW_ANONYMOUS"),
        value(environment, "ACCOUNTS_CLAIM").orElse("account_ids"),
        value(environment, "READ_SCOPE").orElse("pulso:read"),
        value(environment, "OPERATE_SCOPE").orElse("pulso:operate"),
        value(environment, "ALL_ACCOUNTS_SCOPE").orElse("pulso:all-accounts"));
  }

  private static InetSocketAddress daemon(String address) {
    try {
      return Tracer.address(address);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException("AWS_XRAY_DAEMON_ADDRESS", "like 127.0.0.1:2000", e);
    }
  }

  /** Returns whether Lambda will take a snapshot of this process (SnapStart). */
  public static boolean isToBeFrozen(Map<String, String> environment) {
    return "snap-start".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** Fails closed: only {@code true} and {@code false} are accepted. */
  private static boolean flag(Map<String, String> environment, String name) {
    return switch (value(environment, name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new InvalidSettingException(name, "true or false", null);
    };
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InvalidSettingException("DASHBOARD_TIMEZONE", "a time zone such as UTC", e);
    }
  }

  private static int wholeNumber(
      Map<String, String> environment, String name, int otherwise, int least, int most) {
    Optional<String> text = value(environment, name);
    if (text.isEmpty()) {
      return otherwise;
    }
    String rule = "a whole number from " + least + " to " + most;
    try {
      int number = Integer.parseInt(text.get());
      if (number < least || number > most) {
        throw new InvalidSettingException(name, rule, null);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new InvalidSettingException(name, rule, e);
    }
  }
}
