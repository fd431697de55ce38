package dev.pulso.bench.load;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A bar with the time that is left; on something else than a terminal, a line now and then. */
public final class Progress {
  private static final int WIDTH = 30;

  private final PrintStream out;
  private final String what;
  private final long total;
  private final long begun = System.nanoTime();
  private final AtomicLong done = new AtomicLong();
  private final boolean terminal = System.console() != null && System.console().isTerminal();
  private long shown = begun;

  public Progress(PrintStream out, String what, long total) {
    this.out = out;
    this.what = what;
    this.total = total;
  }

  /** That many more are done. */
  public void add(long more) {
    long now = done.addAndGet(more);
    long pause = Duration.ofMillis(terminal ? 200 : 10_000).toNanos();
    synchronized (this) {
      if (System.nanoTime() - shown >= pause) {
        shown = System.nanoTime();
        out.print((terminal ? "\r" : "") + line(now) + (terminal ? "" : "\n"));
        out.flush();
      }
    }
  }

  /** All is done. */
  public synchronized void end() {
    double seconds = (System.nanoTime() - begun) / 1e9;
    out.printf(
        "%s%-30s %,d in %.1f s, %,.0f/s%s%n",
        terminal ? "\r" : "",
        what,
        done.get(),
        seconds,
        done.get() / seconds,
        terminal ? " ".repeat(WIDTH) : "");
  }

  private String line(long now) {
    double part = Math.min(1, now / (double) total);
    double seconds = (System.nanoTime() - begun) / 1e9;
    long left = part == 0 ? 0 : Math.round(seconds / part - seconds);
    int filled = (int) (part * WIDTH);
    return "%-30s [%s%s] %3.0f %%, %,.0f/s, %d:%02d left"
        .formatted(
            what,
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            part * 100,
            now / seconds,
            left / 60,
            left % 60);
  }
}
