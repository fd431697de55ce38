package dev.pulso.local.server;

import dev.pulso.config.InvalidSettingException;
import dev.pulso.local.database.MongoUnavailableException;
import dev.pulso.local.server.template.TemplateException;
import dev.pulso.observe.Log;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program behind {@code ./run}: a MongoDB, demo data and the API on this machine. */
public final class Main {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Runs until a signal stops it. */
  public static void main(String[] arguments) {
    Started started = new Started();
    Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop"));
    try {
      Options options = Options.parse(List.of(arguments), System.getenv());
      new LocalServer(options, System.getenv(), new Steps(System.out), started).start();
      Thread.currentThread().join();
    } catch (UsageException e) {
      end(WRONG_USAGE, e.getMessage() + " See ./run --help");
    } catch (StartException
        | TemplateException
        | MongoUnavailableException
        | InvalidSettingException e) {
      end(FAILED, e.getMessage());
    } catch (InterruptedException e) {
      // Interrupted only by the shutdown in progress.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!started.isStopping()) {
        LOG.error("Pulso cannot start: {}", Log.describe(e));
        System.exit(FAILED);
      }
    }
  }

  private static void end(int status, String message) {
    System.err.println(message);
    System.exit(status);
  }
}
