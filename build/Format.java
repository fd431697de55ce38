import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks ("check") or mends ("apply") the format of every Java file below the working directory.
 */
final class Format {
  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", ".aws-sam", ".pulso", "node_modules");

  public static void main(String[] args) throws Exception {
    boolean apply = args.length == 1 && args[0].equals("apply");
    if (!apply && !(args.length == 1 && args[0].equals("check"))) {
      System.err.println("usage: Format check|apply");
      System.exit(2);
    }
    Formatter formatter = new Formatter();
    List<Path> unformatted = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    collect(Path.of("."), files);
    for (Path file : files) {
      String before = Files.readString(file);
      String after =
          formatter.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(before));
      if (before.equals(after)) {
        continue;
      }
      unformatted.add(file);
      if (apply) {
        Files.writeString(file, after);
      }
    }
    System.out.printf(
        "format: %d Java files, %d %s%n",
        files.size(), unformatted.size(), apply ? "rewritten" : "not in google-java-format");
    if (!apply && !unformatted.isEmpty()) {
      unformatted.forEach(file -> System.err.println("  " + file));
      System.err.println("mend them with: mvn verify -N -Dformat.mode=apply");
      System.exit(1);
    }
  }

  private static void collect(Path folder, List<Path> files) throws java.io.IOException {
    try (var entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isDirectory(entry)) {
          if (!NOT_OURS.contains(entry.getFileName().toString())) {
            collect(entry, files);
          }
        } else if (entry.toString().endsWith(".java")) {
          files.add(entry);
        }
      }
    }
  }
}
