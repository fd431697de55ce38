package dev.pulso.property;

import dev.pulso.fixture.PulsoFixture;
import java.util.List;

/** What happens, step by step. As text, what a person reads who has to find out what went wrong. */
record Story(List<Step> steps) {
  /**
   * Lets it happen in a fresh world, and holds the end against the truth.
   *
   * @return how many batches there were in the end
   */
  int happenIn(PulsoFixture fixture) {
    World world = new World(fixture);
    int number = 0;
    try {
      for (Step step : steps) {
        number++;
        step.happen(world);
      }
      number++;
      return world.settle();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "It goes wrong in step " + number + " of" + this + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("\n");
    for (int i = 0; i < steps.size(); i++) {
      text.append(String.format("  %2d. %s%n", i + 1, steps.get(i)));
    }
    return text.append(String.format("  %2d. all comes to rest%n", steps.size() + 1)).toString();
  }
}
