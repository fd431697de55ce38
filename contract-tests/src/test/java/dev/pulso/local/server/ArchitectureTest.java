package dev.pulso.local.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Dependencies between modules and packages. */
class ArchitectureTest {
  private static final String FUNCTIONS = "dev.pulso.functions..";
  private static final String LOCAL = "dev.pulso.local..";
  private static final String[] DOMAIN = {
    "dev.pulso.access..",
    "dev.pulso.batch..",
    "dev.pulso.cancel..",
    "dev.pulso.counting..",
    "dev.pulso.list..",
    "dev.pulso.operations..",
    "dev.pulso.overview..",
    "dev.pulso.status..",
    "dev.pulso.upkeep..",
    "dev.pulso.webhooks.."
  };
  private static final int MOST_PACKAGES = 18;
  private static final String[] DRIVER = {"com.mongodb..", "org.bson.."};

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.pulso");

  @Test
  void packagesHaveNoCycles() {
    SliceAssignment byPackage =
        new SliceAssignment() {
          @Override
          public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
          }

          @Override
          public String getDescription() {
            return "packages";
          }
        };
    slices().assignedFrom(byPackage).should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void sharedHasFewPackages() {
    Set<String> packages = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (type.getSource().orElseThrow().getUri().toString().contains("/shared/target/")) {
        packages.add(type.getPackageName());
      }
    }
    assertThat(packages).contains("dev.pulso").hasSizeLessThanOrEqualTo(MOST_PACKAGES);
  }

  @Test
  void domainDoesNotKnowHttp() {
    noClasses()
        .that()
        .resideInAnyPackage(DOMAIN)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.pulso.http..", "com.amazonaws..")
        .check(CLASSES);
  }

  @Test
  void functionsDoNotKnowEachOther() {
    slices().matching("dev.pulso.functions.(*)..").should().notDependOnEachOther().check(CLASSES);
  }

  @Test
  void functionsDoNotKnowTheDriver() {
    noClasses()
        .that()
        .resideInAPackage(FUNCTIONS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(DRIVER)
        .check(CLASSES);
  }

  @Test
  void onlyOneModuleKnowsRedis() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pulso.redis..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("redis.clients..")
        .check(CLASSES);
  }

  @Test
  void sharedDoesNotKnowRedis() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pulso.redis..", FUNCTIONS, LOCAL)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.pulso.redis..")
        .check(CLASSES);
  }

  @Test
  void onlyDemoAndFinderKnowDriver() {
    noClasses()
        .that()
        .resideInAPackage(LOCAL)
        .and()
        .resideOutsideOfPackages("dev.pulso.local.server.demo..", "dev.pulso.local.database..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(DRIVER)
        .check(CLASSES);
  }

  @Test
  void sharedKnowsNeitherFunctionsNorLocal() {
    noClasses()
        .that()
        .resideOutsideOfPackages(FUNCTIONS, LOCAL)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(FUNCTIONS, LOCAL)
        .check(CLASSES);
  }

  /** The clock of a process may be an hour off. Reports alone say when it thinks they are from. */
  @Test
  void pushAndDomainReadOnlyTheServersClock() {
    noClasses()
        .that()
        .resideInAnyPackage(DOMAIN)
        .or()
        .resideInAPackage("dev.pulso.push..")
        .and()
        .haveSimpleNameNotEndingWith("Report")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callConstructor(Date.class)
        .check(CLASSES);
  }

  @Test
  void onlyLogWritesToStandardOutput() {
    noClasses()
        .that()
        .resideOutsideOfPackages(LOCAL, "dev.pulso.observe..")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @Test
  void deployedCodeAvoidsJavaUtilLogging() {
    noClasses()
        .that()
        .resideOutsideOfPackage(LOCAL)
        .should(GeneralCodingRules.USE_JAVA_UTIL_LOGGING)
        .check(CLASSES);
  }
}
