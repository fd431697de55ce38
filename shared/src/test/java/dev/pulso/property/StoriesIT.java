package dev.pulso.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random sequences of events by uploaders, workers and other programs, with processes of Pulso that
 * die or freeze. In the end all invariants hold. Run more: {@code -Djqwik.tries.default=1000}.
 */
class StoriesIT {
  private static final int LONGEST = 14;

  private static PulsoFixture fixture;
  private static int checked;

  @BeforeContainer
  static void open() {
    fixture = PulsoFixture.open();
  }

  @AfterContainer
  static void close() {
    fixture.close();
    assertThat(checked).as("batches held against the truth").isPositive();
  }

  @Provide
  Arbitrary<Story> stories() {
    return Stories.any(LONGEST);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void everyStoryKeepsInvariants(@ForAll("stories") Story story) {
    checked += story.happenIn(fixture);
  }
}
