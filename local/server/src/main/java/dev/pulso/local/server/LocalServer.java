package dev.pulso.local.server;

import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.functions.delivery.WebhookDeliveryHandler;
import dev.pulso.functions.socket.EventSocketHandler;
import dev.pulso.http.Failures;
import dev.pulso.local.database.MongoServer;
import dev.pulso.local.server.http.HttpEdge;
import dev.pulso.local.server.http.Page;
import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.http.RouteTable;
import dev.pulso.local.server.http.Sockets;
import dev.pulso.local.server.metrics.PrometheusFigures;
import dev.pulso.local.server.metrics.RequestLog;
import dev.pulso.local.server.template.Template;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Measured;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.PollLines;
import dev.pulso.observe.Tracer;
import dev.pulso.redis.RedisSharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts all parts in order, and prints each step. */
final class LocalServer {
  private static final Path TEMPLATE = Path.of("template.yaml");
  private static final Path OPENAPI = Path.of("openapi.yaml");
  private static final Path SITE = Path.of("web", "dist");

  /** Here one process serves concurrent requests, unlike a function in the cloud. */
  private static final String POOL_SIZE = "64";

  private static final Duration UPKEEP_BUDGET = Duration.ofSeconds(20);

  /** For a short run. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Options options;
  private final Map<String, String> environment;
  private final Steps steps;
  private final Started started;

  LocalServer(Options options, Map<String, String> environment, Steps steps, Started started) {
    this.options = options;
    this.environment = environment;
    this.steps = steps;
    this.started = started;
  }

  /**
   * Starts everything, and returns when it is ready.
   *
   * @throws StartException when a part cannot start
   */
  void start() {
    // Checks the settings first, so that an invalid one fails at once.
    Settings.from(environment);
    HttpEdge edge = started.start(() -> Listening.open(options));
    boolean isLoopback = Listening.isLoopback(options);
    Template template =
        steps.step(
            () -> Functions.read(TEMPLATE),
            read -> "Routes: " + read.behindTheApi().size() + " functions in " + TEMPLATE);
    MongoServer mongo =
        steps.step(
            () -> started.start(() -> MongoServer.forRun(home(), environment, steps::detail)),
            found -> "MongoDB: " + found.origin());
    Settings settings = Settings.from(environmentWith(mongo, template));
    RequestLog requests =
        started.start(() -> new RequestLog(home().resolve("log").resolve("requests.jsonl")));
    PrometheusFigures figures = new PrometheusFigures();
    PollLines lines =
        new PollLines(
            new MetricLines(settings.stack(), settings.release(), requests::write),
            settings.pollsPerLine());
    started.start(() -> lines::flush);
    // Polls that wait for their line wait no longer when no other poll follows.
    repeat("Poll lines", PollLines.LONGEST, GRACE, lines::flush);
    Consumer<Measured> sink = lines.andThen(figures);
    Tracer tracer = Tracer.of(settings.tracing(), settings.database());
    Pulso pulso =
        started.start(
            () ->
                Pulso.open(
                    Pulso.Options.of(settings)
                        .withObserver(new Observer(sink, tracer))
                        .withSharer(RedisSharing::open)));
    Demo demo = started.start(() -> new Demo(mongo, settings, options.demo(), steps));
    demo.clear(options.reset());
    // Indexes first: building them with the data is faster in total.
    steps.step(() -> makeIndexes(pulso, steps), made -> "Indexes: " + made.size() + " made");
    demo.load();
    List<Route> routes = Functions.routes(template, pulso);
    Callers callers =
        options.auth()
            ? Callers.withTokens(home(), settings.access(), steps)
            : Callers.open(isLoopback, settings.access(), steps);
    String name = Listening.name(edge.port());
    Sockets sockets =
        started.start(() -> new Sockets(new EventSocketHandler(pulso), Sockets.LONGEST, name));
    if (!options.auth()) {
      // Any page of the browser may ask: with --auth it lacks a token.
      edge.answerOnly(host -> Listening.isOurs(options, isLoopback, host));
    }
    edge.serve(
        new RouteTable(routes),
        template.cors(),
        callers.authorizer(),
        HttpEdge.GATEWAY_TIME_LIMIT,
        pages(callers, mongo.startedHere() && isLoopback, figures),
        Optional.of(sockets));
    // The first to stop: what it answers needs all the others.
    started.start(() -> edge);
    // More often than the schedule in the cloud.
    repeat("Upkeep", Duration.ofSeconds(3), GRACE, () -> pulso.runUpkeep(UPKEEP_BUDGET));
    if (settings.webhooks().keys().isPresent()) {
      WebhookDeliveryHandler deliveries = new WebhookDeliveryHandler(pulso);
      // Interrupted at once: what it was sending is sent again at the next start.
      repeat(
          "Deliveries",
          Duration.ofSeconds(1),
          Duration.ZERO,
          () -> deliveries.handleRequest(Map.of(), null));
    } else {
      steps.say("  Webhooks: off, because WEBHOOK_KEYS is not set");
    }
    started.start(() -> new Push(pulso, sockets));
    demo.run();
    String url = Listening.url(options, edge.port());
    steps.say(
        ready(
            url,
            Suggestions.curlLines(demo.batchToWatch(callers.account()), url, callers.tokens()),
            requests.file()));
  }

  /** Makes them in several attempts if the database, which is there, stalls for some seconds. */
  static List<String> makeIndexes(Pulso pulso, Steps steps) {
    for (int triesLeft = 9; ; triesLeft--) {
      try {
        return pulso.makeIndexes();
      } catch (RuntimeException e) {
        boolean isAway = Failures.problem(e).code().equals("DATABASE_UNAVAILABLE");
        if (triesLeft == 0 || !isAway || ServerErrors.isUnauthenticated(e)) {
          throw e;
        }
        steps.detail("The database does not answer in time. Trying again");
      }
    }
  }

  private void repeat(String name, Duration pause, Duration grace, Runnable work) {
    started.start(() -> new Repeated(name, pause, grace, work));
  }

  private static List<Page> pages(
      Callers callers, boolean offersTokens, PrometheusFigures figures) {
    List<Page> pages = new ArrayList<>(Site.pages(SITE));
    pages.add(OpenApiDocument.page(OPENAPI));
    pages.add(Page.of("/metrics", PrometheusFigures.CONTENT_TYPE, figures::text));
    // Only for a database of our own, and where only this machine reaches the port. Other tokens
    // stay in files that only this user can read.
    if (offersTokens) {
      callers.page().ifPresent(pages::add);
    }
    return pages;
  }

  /** Returns one text, so that it is complete once its first line is printed. */
  private static String ready(String url, List<String> suggestions, Path requests) {
    return "\nPulso is ready on "
        + url
        + "\n  "
        + String.join("\n  ", suggestions)
        + "\nThe API: %s, figures: /metrics, requests: %s. Ctrl-C stops it."
            .formatted(OpenApiDocument.PATH, requests);
  }

  private Path home() {
    return Path.of(environment.getOrDefault("PULSO_HOME", ".pulso"));
  }

  private Map<String, String> environmentWith(MongoServer mongo, Template template) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("MONGODB_URI", mongo.uri());
    all.putIfAbsent("MONGODB_MAX_POOL_SIZE", POOL_SIZE);
    if (mongo.startedHere()) {
      // The secrets in another database have another key.
      all.computeIfAbsent("WEBHOOK_KEYS", any -> KeyFile.read(home().resolve("webhook.key")));
    }
    all.putIfAbsent("WEBHOOKS_TO_LOOPBACK", "true");
    all.putIfAbsent("ALLOWED_ORIGINS", String.join(",", template.cors().origins()));
    if (options.auth()) {
      all.put("ALLOW_ANONYMOUS", "false");
    } else {
      // Without --auth, nothing verifies tokens.
      all.putIfAbsent("ALLOW_ANONYMOUS", "true");
    }
    return all;
  }
}
