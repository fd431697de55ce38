package dev.pulso.local.server;

import dev.pulso.config.InvalidSettingException;
import dev.pulso.local.database.MongoUnavailableException;
import dev.pulso.local.server.template.TemplateException;
import dev.pulso.observe.Log;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything on this machine: a MongoDB, demo data, the API. Started by {@code ./run}. */
public final class Main {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Runs until a signal tells it to stop. */
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
      // Only by the stop that is under way already.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!started.isStopping()) {
        LOG.error("Pulso can't start: {}", Log.describe(e));
        System.exit(FAILED);
      }
    }
  }

  private static void end(int status, String message) {
    System.err.println(message);
    System.exit(status);
  }
}
