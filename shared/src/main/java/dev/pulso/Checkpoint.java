package dev.pulso;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Prepares a function for SnapStart. An open socket would be dead in every copy, so all connections
 * are closed before the snapshot. Classes are loaded before it, and a client is made again after
 * it.
 */
final class Checkpoint implements Resource {
  /** Keeps a strong reference; the context has only a weak one. */
  private static Checkpoint registered;

  private final Pulso pulso;

  Checkpoint(Pulso pulso) {
    this.pulso = pulso;
  }

  static synchronized void register(Pulso pulso) {
    registered = new Checkpoint(pulso);
    Core.getGlobalContext().register(registered);
  }

  /** Loads the classes that answers need, and closes all connections. */
  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    Preload.answers();
    Preload.driver(pulso.settings());
    pulso.sharing().warmUp();
    pulso.close();
  }

  /**
   * Makes a client again, so that it connects while the function is restored. Not if the connection
   * string is a secret: the extension does not answer before the first request, and a failure would
   * delay the next attempt.
   */
  @Override
  public void afterRestore(Context<? extends Resource> context) {
    if (pulso.settings().mongoUri().isPresent()) {
      ColdStart.open(pulso, "restore");
    }
  }
}
