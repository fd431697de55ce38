package dev.pulso.local.database;

import de.flapdoodle.embed.mongo.distribution.Version;
import de.flapdoodle.embed.mongo.transitions.Mongod;
import de.flapdoodle.embed.mongo.types.DistributionBaseUrl;
import de.flapdoodle.embed.process.archives.ExtractedFileSet;
import de.flapdoodle.embed.process.config.DownloadConfig;
import de.flapdoodle.embed.process.config.TimeoutConfig;
import de.flapdoodle.embed.process.io.directories.PersistentDir;
import de.flapdoodle.embed.process.transitions.DownloadPackage;
import de.flapdoodle.reverse.StateID;
import de.flapdoodle.reverse.TransitionWalker;
import de.flapdoodle.reverse.TransitionWalker.ReachedState;
import de.flapdoodle.reverse.transitions.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * MongoDB 7.0 from the official archive. Flapdoodle selects the archive for the system and unpacks
 * it.
 *
 * @param site address of the archives
 */
record MongodArchive(String site) implements Fetched.Source {
  static final MongodArchive OFFICIAL = new MongodArchive("https://fastdl.mongodb.org");
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 30_000;

  @Override
  public String name() {
    return "mongod-7.0";
  }

  @Override
  public String origin() {
    return "the official MongoDB archive";
  }

  @Override
  public String file() {
    return FetchedMongod.FILE;
  }

  @Override
  public Path fetch(Path folder, Wish wish) throws NotThisWayException, IOException {
    try (ReachedState<ExtractedFileSet> unpacked =
        walker(folder).initState(StateID.of(ExtractedFileSet.class))) {
      return Files.copy(unpacked.current().executable(), folder.resolve(file()));
    } catch (RuntimeException e) {
      // The library has no specific exceptions for an unsupported system or a missing network.
      throw new NotThisWayException(origin() + " is unavailable: " + deepest(e), e);
    }
  }

  private TransitionWalker walker(Path folder) {
    return Mongod.builder()
        .persistentBaseDir(Start.to(PersistentDir.class).initializedWith(PersistentDir.of(folder)))
        .downloadPackage(DownloadPackage.builder().downloadConfig(patience()).build())
        .distributionBaseUrl(
            Start.to(DistributionBaseUrl.class).initializedWith(DistributionBaseUrl.of(site)))
        .build()
        .transitions(Version.Main.V7_0)
        .walker();
  }

  private static DownloadConfig patience() {
    return DownloadConfig.builder()
        .timeoutConfig(
            TimeoutConfig.builder()
                .connectionTimeout(CONNECT_MILLIS)
                .readTimeout(READ_MILLIS)
                .build())
        .build();
  }

  private static String deepest(Throwable e) {
    return e.getCause() == null ? e.toString() : deepest(e.getCause());
  }
}
