package dev.pulso.observe;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace of an invocation, as the runtime passes it ({@code Root=1-…;Parent=…;Sampled=1}).
 *
 * @param root id of the trace
 * @param parent id of Lambda's segment
 */
record TraceHeader(String root, String parent) {
  private static final Pattern ROOT = Pattern.compile("Root=(1-[0-9a-f]{8}-[0-9a-f]{24})");
  private static final Pattern PARENT = Pattern.compile("Parent=([0-9a-f]{16})");

  /** Parses a header; empty if it is incomplete or the invocation is not sampled. */
  static Optional<TraceHeader> sampled(String text) {
    String root = null;
    String parent = null;
    boolean isSampled = false;
    for (String part : text.split(";")) {
      isSampled |= part.strip().equals("Sampled=1");
      root = group(ROOT, part, root);
      parent = group(PARENT, part, parent);
    }
    return isSampled && root != null && parent != null
        ? Optional.of(new TraceHeader(root, parent))
        : Optional.empty();
  }

  private static String group(Pattern pattern, String part, String otherwise) {
    Matcher matcher = pattern.matcher(part.strip());
    return matcher.matches() ? matcher.group(1) : otherwise;
  }
}
