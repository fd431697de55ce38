package dev.pulso.trips;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** The classes of which a method ran. Known to all class loaders by the same name. */
public final class Visits {
  private static final Set<String> CLASSES = new ConcurrentSkipListSet<>();

  private Visits() {}

  /** Called by each method of {@link VisitingLoader}'s classes. */
  public static void visit(String name) {
    CLASSES.add(name);
  }

  /** Those that a task visits, on whatever thread. */
  static Set<String> during(Runnable task) {
    CLASSES.clear();
    task.run();
    return new TreeSet<>(CLASSES);
  }
}
