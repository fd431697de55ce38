package dev.pulso.local.database;

import java.util.List;

/** A mongod that is no member of an initiated set. */
public record Standalone(int port, Runnable stop) implements AutoCloseable {

  /** Starts one with additional options; skips the test if there is no mongod. */
  public static Standalone start(String... options) throws NotThisWayException {
    MongodBinary binary = MongodBinary.named(Machine.withMongod());
    return FreePort.start(
        port -> {
          ChildServer server =
              ChildServer.start(
                  "standalone",
                  port,
                  Startup.MONGOD,
                  folder -> {
                    List<String> command =
                        MongodStarter.shortLived(MongodStarter.alone(binary, folder, port));
                    command.addAll(List.of(options));
                    return command;
                  });
          return new Standalone(port, server::close);
        });
  }

  public String uri() {
    return ReplicaSet.uri(Loopback.HOST, port);
  }

  @Override
  public void close() {
    stop.run();
  }
}
