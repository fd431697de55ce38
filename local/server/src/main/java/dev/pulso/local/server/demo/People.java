package dev.pulso.local.server.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random names, companies and conversations. */
record People(RandomGenerator random) {
  private static final List<String> FIRST = DemoContent.texts("first_names");
  private static final List<String> LAST = DemoContent.texts("last_names");
  private static final List<String> COMPANIES = DemoContent.texts("companies");
  private static final List<String> TALKS = DemoContent.texts("talks");

  String name() {
    return one(FIRST) + " " + one(LAST) + " " + one(LAST);
  }

  String company() {
    return one(COMPANIES);
  }

  String talk() {
    return one(TALKS);
  }

  private String one(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
