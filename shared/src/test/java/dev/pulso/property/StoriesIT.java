package dev.pulso.property;

import dev.pulso.fixture.PulsoFixture;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever uploaders, workers and other programs do, and wherever processes of Pulso die or stand
 * still: in the end the invariants hold. More stories: {@code -Djqwik.tries.default=1000}.
 */
class StoriesIT {
  private static final int LONGEST = 14;

  private static PulsoFixture fixture;

  @BeforeContainer
  static void open() {
    fixture = PulsoFixture.open();
  }

  @AfterContainer
  static void close() {
    fixture.close();
  }

  @Provide
  Arbitrary<Story> stories() {
    return Stories.any(LONGEST);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void everyStoryEndsWell(@ForAll("stories") Story story) {
    story.happenIn(fixture);
  }
}
