package dev.pulso.local.database;

import de.flapdoodle.embed.mongo.distribution.Version;
import de.flapdoodle.embed.mongo.transitions.Mongod;
import de.flapdoodle.embed.process.archives.ExtractedFileSet;
import de.flapdoodle.reverse.StateID;
import de.flapdoodle.reverse.TransitionWalker.ReachedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** MongoDB 7.0 from its makers' archive, which Flapdoodle picks for the system and unpacks. */
final class MongodArchive implements Fetched.Source {

  @Override
  public String name() {
    return "mongod-7.0";
  }

  @Override
  public String file() {
    return FetchedMongod.FILE;
  }

  @Override
  public Path fetch(Path folder, Wish wish) throws NotThisWayException, IOException {
    try (ReachedState<ExtractedFileSet> unpacked =
        Mongod.instance()
            .transitions(Version.Main.V7_0)
            .walker()
            .initState(StateID.of(ExtractedFileSet.class))) {
      return Files.copy(unpacked.current().executable(), folder.resolve(file()));
    } catch (RuntimeException e) {
      // The library has no exception of its own for "not for this system" or "no network".
      throw new NotThisWayException("MongoDB's archive can't be had: " + deepest(e), e);
    }
  }

  private static String deepest(Throwable e) {
    return e.getCause() == null ? e.toString() : deepest(e.getCause());
  }
}
