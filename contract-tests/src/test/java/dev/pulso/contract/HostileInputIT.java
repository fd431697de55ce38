package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.fixture.Builders;
import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import dev.pulso.text.InputText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Input is only text: it reaches the database as a plain string or not at all, and is returned as
 * data or not at all.
 */
class HostileInputIT {
  private static final Set<Integer> REFUSED = Set.of(400, 413, 414, 415, 431);
  private static final String ACCOUNT_ID = "account_id";
  private static final String SEARCH = "list by q";
  private static final Pattern OPERATOR = Pattern.compile("[\\\\^$.|?*+()\\[\\]{}]");

  private static final int THREADS = 8;

  private static ContractDatabase database;
  private static CommandTexts sent;
  private static Pulso watched;
  private static Api api;
  private static String batch;

  @BeforeAll
  static void open() {
    database = ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "30"));
    sent = new CommandTexts();
    watched = database.another(sent);
    api = new Api(watched);
    batch = database.batch();
    api.status(batch).ok();
    api.overview().ok();
  }

  @AfterAll
  static void close() {
    watched.close();
    database.close();
  }

  static List<String> texts() {
    return Hostile.texts();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void inputStaysAString(String input) {
    for (Map.Entry<String, Call> place : places(input).entrySet()) {
      sent.forget();
      String as = place.getKey();
      Reply reply = Prompt.answer(as, () -> api.send(place.getValue()));
      assertThat(reply.status()).as(as).isLessThan(500);
      assertThat(reply.headers().toString()).as(as).doesNotContain(input);
      assertThat(reply.body()).as(as).doesNotContain('"' + input + '"');
      if (input.length() > "false".length()) {
        assertThat(reply.body()).as(as).doesNotContain(input);
      }
      boolean refused = REFUSED.contains(reply.status());
      if (refused && !sent.all().isEmpty()) {
        // A write of an earlier request may have ended late.
        sent.forget();
        api.send(place.getValue());
        assertThat(sent.all()).as(as).isEmpty();
      }
      for (BsonDocument command : sent.carrying(input)) {
        // What has no meaning in a pattern is a text there, too.
        if (!as.equals(SEARCH) || OPERATOR.matcher(input).find()) {
          assertThat(CommandTexts.keys(command)).as(as).noneMatch(key -> key.contains(input));
        }
        assertThat(CommandTexts.texts(command))
            .as(as)
            .allMatch(text -> text.equals(input) || !text.contains(input));
      }
      if (as.endsWith(" batch_id") || (as.equals(ACCOUNT_ID) && hasText(input))) {
        assertThat(sent.carrying(input).isEmpty()).as(as).isEqualTo(refused);
      }
    }
  }

  /** Leaves out unpaired surrogates, which no URL can contain, and texts longer than a URL. */
  static List<String> textsOfUrls() {
    return Stream.concat(
            texts().stream().filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text)),
            Stream.of(
                " ",
                "\n",
                "a ",
                "\na\t",
                "\u2028a\u3000",
                "\u00a0",
                "\u00a0a",
                "a\u007f",
                "\u009fa",
                "\u2007a\u202f",
                "\u0085",
                "\u001ca",
                " a\u00a0",
                "a\u0085",
                "📞".repeat(200),
                "📞".repeat(201),
                "é".repeat(501)))
        .filter(text -> text.length() < 2_000)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("textsOfUrls")
  void inputIsRefusedAsDocumented(String input) {
    // Uses another process: the watched one would cache these overviews.
    Api asked = database.api();
    String encoded = URLEncoder.encode(input, StandardCharsets.UTF_8);
    Map<String, Reply> replies =
        Map.of(
            "BatchId", asked.status(input),
            "AccountId", asked.overviewWithQuery("account_id=" + encoded),
            "SearchText", asked.listWithQuery("q=" + encoded),
            "Reason", asked.cancelWithQuery("nowhere", "reason=" + encoded));
    replies.forEach(
        (parameter, reply) ->
            assertThat(reply.status() != 400)
                .as("%s: %s", parameter, reply.body())
                .isEqualTo(OpenApi.document().allows(parameter, input)));
  }

  @Test
  void preflightIsAlwaysAnswered() {
    for (Operation operation : OpenApi.document().operations()) {
      Call preflight = Call.to("OPTIONS", operation.path());
      for (String input : texts()) {
        assertThat(api.send(preflight.having("access-control-request-method", input)).status())
            .isEqualTo(204);
      }
    }
  }

  /** Blank counts as no account, and no URL contains unpaired surrogates. */
  private static boolean hasText(String input) {
    return !InputText.isBlank(input) && StandardCharsets.UTF_8.newEncoder().canEncode(input);
  }

  /** Returns calls with the input in each possible place. */
  private static Map<String, Call> places(String input) {
    Map<String, Call> places = new LinkedHashMap<>();
    String encoded = URLEncoder.encode(input, StandardCharsets.UTF_8);
    for (Operation operation : OpenApi.document().operations()) {
      Call call = Call.to(operation.method(), operation.path());
      if (operation.path().contains("{batch_id}")) {
        places.put(operation.id() + " batch_id", call.of(input));
        call = call.of(batch).by(Map.of("sub", input, "account_ids", input, "scope", "pulso:read"));
      }
      places.put(
          operation.id() + " everywhere else",
          call.with(encoded + "=" + encoded)
              .having("if-none-match", input)
              .having("authorization", input));
    }
    places.put("reason", Call.to("POST", Api.CANCEL).of("nowhere").with("reason=" + encoded));
    for (String parameter :
        List.of("status", "is_active", "q", "sort", "limit", "cursor", "skip", "account_id")) {
      String query = parameter + "=" + encoded;
      places.put("list by " + parameter, Call.to("GET", Api.LIST).with(query));
    }
    places.put(ACCOUNT_ID, Call.to("GET", Api.OVERVIEW).with("account_id=" + encoded));
    return places;
  }

  @Test
  void reasonIsStoredVerbatim() {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      CompletableFuture.allOf(
              texts().stream()
                  .map(text -> CompletableFuture.runAsync(() -> isStoredAsReason(text), threads))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
  }

  private static void isStoredAsReason(String text) {
    // No URL contains unpaired surrogates.
    String input = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String id = database.batch();
    database.jobs(Builders.job(id, "pending"));
    Reply reply = database.api().cancel(id, input);
    if (REFUSED.contains(reply.status())) {
      assertThat(reply.json().getString("code")).isIn("INVALID_REASON", "URI_TOO_LONG");
      assertThat(database.stored(id)).containsEntry("is_active", true);
      return;
    }
    Optional<String> reason =
        Optional.of(InputText.trimmed(input)).filter(given -> !given.isEmpty());
    assertThat(reply.ok().at("reason")).isEqualTo(reason.orElse(null));
    Document stored = database.stored(id);
    assertThat(stored.get("cancellation_reason")).isEqualTo(reason.orElse(null));
    assertThat(database.storedJobs(id).getFirst().get("cancellation_reason"))
        .isEqualTo(reason.orElse("Batch cancelled"));
  }
}
