package dev.pulso.property;

import dev.pulso.fixture.PulsoFixture;
import java.util.List;

/** A sequence of steps. Its text describes a failure to people. */
record Story(List<Step> steps) {
  /**
   * Runs it in a new world, and checks the invariants at the end.
   *
   * @return the number of batches at the end
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
