package dev.pulso.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import dev.pulso.local.database.Cluster;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeProperty;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/**
 * Stories on three members, one of which lags, with a connection string that asks for weaker
 * guarantees.
 */
class ThreeMembersIT {
  static final String WEAK =
      "&w=1&journal=false&readPreference=secondaryPreferred&readConcernLevel=available"
          + "&retryWrites=false";

  private static Optional<Cluster> members;
  private static PulsoFixture fixture;
  private static int checked;

  @BeforeContainer
  static void open() {
    members = Cluster.obstacle().isEmpty() ? Optional.of(Cluster.lagging()) : Optional.empty();
    members.ifPresent(set -> fixture = PulsoFixture.open(Map.of("MONGODB_URI", set.uri(WEAK))));
  }

  @AfterContainer
  static void close() {
    members.ifPresent(
        set -> {
          fixture.close();
          set.close();
          assertThat(checked).as("batches held against the truth").isPositive();
        });
  }

  @BeforeProperty
  void holdOne() {
    members.orElseThrow().holdSecondaries(1);
  }

  @AfterProperty
  void letGo() {
    members.ifPresent(Cluster::letGo);
  }

  @Provide
  Arbitrary<Story> stories() {
    return Stories.any(8);
  }

  @AddLifecycleHook(NeedsMongod.class)
  @Property(edgeCases = EdgeCasesMode.NONE, tries = 20)
  void everyStoryKeepsInvariants(@ForAll("stories") Story story) {
    checked += story.happenIn(fixture);
  }

  /** Skips: an assumption that fails is an error in a lifecycle method of jqwik. */
  static final class NeedsMongod implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return Cluster.obstacle().map(SkipResult::skip).orElseGet(SkipResult::doNotSkip);
    }
  }
}
