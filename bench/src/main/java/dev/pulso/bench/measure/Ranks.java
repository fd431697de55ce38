package dev.pulso.bench.measure;

/**
 * Whether two things can be told apart by how long they take (Mann and Whitney's test, without its
 * correction for ties, of which times in ns have few).
 *
 * @param chance that a run of the first takes longer than a run of the second; 0.5: nobody can tell
 * @param z how many standard deviations that is from 0.5 if in truth nobody can tell
 */
public record Ranks(double chance, double z) {

  /** Compares these. */
  public static Ranks of(Samples first, Samples second) {
    long[] others = second.sorted();
    double longer = 0;
    int below = 0;
    int upTo = 0;
    for (long time : first.sorted()) {
      while (below < others.length && others[below] < time) {
        below++;
      }
      while (upTo < others.length && others[upTo] <= time) {
        upTo++;
      }
      longer += below + (upTo - below) / 2.0;
    }
    double n = first.runs();
    double m = others.length;
    double deviation = Math.sqrt((n + m + 1) / (12 * n * m));
    double chance = longer / (n * m);
    return new Ranks(chance, (chance - 0.5) / deviation);
  }
}
