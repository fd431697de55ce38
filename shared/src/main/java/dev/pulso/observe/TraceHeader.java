package dev.pulso.observe;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace that an invocation belongs to, as the runtime hands it over ({@code
 * Root=1-…;Parent=…;Sampled=1}).
 *
 * @param root the id of the trace
 * @param parent the id of Lambda's segment of this invocation
 */
record TraceHeader(String root, String parent) {
  private static final Pattern ROOT = Pattern.compile("Root=(1-[0-9a-f]{8}-[0-9a-f]{24})");
  private static final Pattern PARENT = Pattern.compile("Parent=([0-9a-f]{16})");

  /** The header, when it is whole and says that this invocation is to be traced. */
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
