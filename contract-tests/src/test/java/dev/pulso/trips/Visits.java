package dev.pulso.trips;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** The classes whose methods ran. All class loaders share it. */
public final class Visits {
  private static final Set<String> CLASSES = new ConcurrentSkipListSet<>();

  private Visits() {}

  /** Called by each method of a class of {@link VisitingLoader}. */
  public static void visit(String name) {
    CLASSES.add(name);
  }

  /** Returns the classes that a task visits, on any thread. */
  static Set<String> during(Runnable task) {
    CLASSES.clear();
    task.run();
    return new TreeSet<>(CLASSES);
  }
}
