package dev.pulso.start;

import dev.pulso.Pulso;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Readies a function for SnapStart: no socket may be open when the process is frozen, for it would
 * be dead in every copy; what it needs to answer is loaded then, and a client is made again when a
 * copy thaws.
 */
final class Checkpoint implements Resource {
  /** The context alone would let it go. */
  private static Checkpoint registered;

  private final Pulso pulso;

  Checkpoint(Pulso pulso) {
    this.pulso = pulso;
  }

  /** Has the process call the hooks. */
  static synchronized void register(Pulso pulso) {
    registered = new Checkpoint(pulso);
    Core.getGlobalContext().register(registered);
  }

  /** Loads what answers need, and closes all connections. */
  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    Preload.answers();
    Preload.driver(pulso.settings());
    pulso.sharing().warmUp();
    pulso.close();
  }

  /**
   * Makes a client again, so that it connects while the function is still thawing. Not where the
   * extension keeps the address: it gives it to nobody before the first request, and a failure
   * would keep the function from asking again for a while.
   */
  @Override
  public void afterRestore(Context<? extends Resource> context) {
    if (pulso.settings().mongoUri().isPresent()) {
      ColdStart.open(pulso, "restore");
    }
  }
}
