package dev.pulso.bench.lab;

import com.mongodb.client.MongoClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bson.Document;

/** What the measurements are made on; no name of it. */
public final class Machine {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final double KB_PER_GIB = 1024.0 * 1024;

  private Machine() {}

  /** Processor, memory, system, and versions. */
  public static Map<String, String> describe(MongoClient client) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("processor", field(CPU, "model name", "unknown"));
    facts.put("memory", memory());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    Document build = client.getDatabase("admin").runCommand(new Document("buildInfo", 1));
    facts.put("mongod", build.getString("version"));
    return facts;
  }

  private static String memory() {
    String kb = field(MEMORY, "MemTotal", "").replaceAll("\\D", "");
    return kb.isEmpty() ? "unknown" : "%.0f GiB".formatted(Long.parseLong(kb) / KB_PER_GIB);
  }

  private static String field(Path file, String name, String otherwise) {
    if (!Files.isReadable(file)) {
      return otherwise;
    }
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
