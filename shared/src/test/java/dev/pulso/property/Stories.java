package dev.pulso.property;

import dev.pulso.operations.BatchAction;
import dev.pulso.property.Step.EndCall;
import dev.pulso.property.Step.EndCall.Ending;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates stories: any population, and any steps in any order. */
final class Stories {
  /** More calls than most steps make; beyond that, the process is not stopped. */
  private static final int CALLS = 25;

  private Stories() {}

  static Arbitrary<Story> any(int longest) {
    Arbitrary<List<Step>> rest = step().list().ofMinSize(1).ofMaxSize(longest);
    return Combinators.combine(population("a"), population("b"), rest)
        .as(
            (a, b, steps) -> {
              List<Step> all = new java.util.ArrayList<>(List.of(a, b));
              all.addAll(steps);
              return new Story(List.copyOf(all));
            });
  }

  private static Arbitrary<Step> population(String batch) {
    Arbitrary<String> statuses =
        Arbitraries.of(
            "pending",
            "pending",
            "pending",
            "scheduled",
            "in_progress",
            "done",
            "completed",
            "failed",
            "suspended",
            "cancelled",
            "unheard of");
    return statuses.list().ofMaxSize(12).map(list -> new Step.Upload(batch, list, 0));
  }

  private static Arbitrary<Step> step() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, worker()),
        Tuple.of(2, upload()),
        Tuple.of(4, deed().map(Step.Does::new)),
        Tuple.of(4, Combinators.combine(deed(), fate()).as(Step.Dies::new)),
        Tuple.of(2, Combinators.combine(deed(), fate()).as(Step.Freezes::new)),
        Tuple.of(1, Arbitraries.of(new Step.Thaw(), new Step.TimePasses())),
        Tuple.of(1, batch().map(Step.Activate::new)),
        Tuple.of(1, Arbitraries.of(World.BATCHES).map(Step.Delete::new)));
  }

  private static Arbitrary<Step> worker() {
    Arbitrary<Step> claims =
        Combinators.combine(batch(), Arbitraries.of(true, false), clock()).as(Step.Claim::new);
    Arbitrary<Step> ends =
        Combinators.combine(
                batch(),
                Arbitraries.of(Ending.class),
                Arbitraries.integers().between(0, 99_999).map(n -> n / 1000.0),
                Arbitraries.longs().between(0, 300_000),
                clock())
            .as(EndCall::new);
    return Arbitraries.oneOf(claims, ends);
  }

  private static Arbitrary<Step> upload() {
    Arbitrary<String> into = Arbitraries.of("a", "b", null);
    Arbitrary<List<String>> what =
        Arbitraries.of("pending", "scheduled").list().ofMinSize(1).ofMaxSize(3);
    return Combinators.combine(into, what, clock()).as(Step.Upload::new);
  }

  private static Arbitrary<Deed> deed() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            4, Combinators.combine(batch(), reason()).as((b, r) -> (Deed) new Deed.Cancel(b, r))),
        Tuple.of(3, batch().map(Deed.Poll::new)),
        Tuple.of(3, Arbitraries.just(new Deed.Upkeep())),
        Tuple.of(
            2,
            Combinators.combine(Arbitraries.of(BatchAction.class), reason())
                .as(Stories::operation)),
        Tuple.of(
            1,
            Combinators.combine(batch(), Arbitraries.of(true, false))
                .as((b, r) -> (Deed) new Deed.Pause(b, r))));
  }

  private static Deed operation(BatchAction action, Optional<String> reason) {
    return new Deed.Operate(action, reason.filter(any -> action == BatchAction.CANCEL));
  }

  private static Arbitrary<Optional<String>> reason() {
    return Arbitraries.of("detención", "$none", "late").optional(0.7);
  }

  private static Arbitrary<String> batch() {
    return Arbitraries.of(World.BATCHES);
  }

  /** Clocks are up to a minute off. */
  private static Arbitrary<Integer> clock() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.just(0)), Tuple.of(2, Arbitraries.integers().between(-60, 60)));
  }

  private static Arbitrary<Fate> fate() {
    return Combinators.combine(
            Arbitraries.integers().between(1, CALLS), Arbitraries.of(Fate.Moment.class))
        .as(Fate::new);
  }
}
