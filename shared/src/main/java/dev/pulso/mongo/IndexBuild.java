package dev.pulso.mongo;

import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Builds missing indexes on its own thread, because a build can take longer than an upkeep run. A
 * build has no time limit, which would abort it. The server continues it even if this process ends.
 * Safe for use by several threads.
 */
public final class IndexBuild {
  private final Indexes indexes;

  /** The build in progress, or null. Guarded by this. */
  private FutureTask<Indexes.Made> running;

  public IndexBuild(Indexes indexes) {
    this.indexes = indexes;
  }

  /**
   * Starts a build unless one is in progress, and waits for it until the deadline.
   *
   * @return the created indexes; none while the build is in progress
   */
  public synchronized Indexes.Made advance(Deadline deadline) {
    if (running == null) {
      Indexes.Missing missing = indexes.missing();
      if (missing.isNone()) {
        return new Indexes.Made(missing.refused());
      }
      for (Indexes.Wanted index : missing.wanted()) {
        Log.info("index_build", json -> json.text("index", index.noteId()));
      }
      running = new FutureTask<>(() -> indexes.make(missing));
      Thread.ofVirtual().name("index-build").start(running);
    }
    return await(deadline).orElse(Indexes.Made.NOTHING);
  }

  private Optional<Indexes.Made> await(Deadline deadline) {
    try {
      Indexes.Made made = running.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
      running = null;
      return Optional.of(made);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      running = null;
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException("the index build failed", e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while building an index", e);
    }
  }
}
