package dev.pulso.counting;

import static dev.pulso.mongo.Lenient.count;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.bson.Document;

/** Adds up counts of jobs by account, in the stored form of snapshots and totals. */
public final class AccountJobs {
  private static final List<String> COUNTED =
      List.of(CounterSnapshot.PENDING, CounterSnapshot.COMPLETED, CounterSnapshot.FAILED);

  /** Further ones count as jobs of no account: the totals are one document, of 16 MB. */
  private static final int MOST_ACCOUNTS = 20_000;

  private static final Comparator<Optional<String>> BY_ACCOUNT =
      Comparator.comparing(id -> id.orElse(null), Comparator.nullsFirst(Comparator.naturalOrder()));

  private final Map<Optional<String>, long[]> counts = new HashMap<>();
  private final NavigableMap<Instant, Map<Optional<String>, Long>> created = new TreeMap<>();

  /** Adds what a snapshot or the totals hold. */
  public void add(Document values) {
    add(values, 1);
  }

  /** Subtracts what a snapshot or the totals hold. */
  public void subtract(Document values) {
    add(values, -1);
  }

  private void add(Document values, long sign) {
    for (Document account : documents(values, CounterSnapshot.ACCOUNTS)) {
      long[] sums = counts.computeIfAbsent(key(account), id -> new long[COUNTED.size()]);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += sign * signed(account.get(COUNTED.get(i)));
      }
    }
    for (Document day : documents(values, CounterSnapshot.DAYS)) {
      Instant since = Lenient.time(day.get(CounterSnapshot.SINCE)).orElse(Instant.EPOCH);
      Map<Optional<String>, Long> ofDay = created.computeIfAbsent(since, any -> new HashMap<>());
      for (Document account : documents(day, CounterSnapshot.ACCOUNTS)) {
        long jobs = sign * signed(account.get(CounterSnapshot.CREATED));
        ofDay.merge(key(account), jobs, Long::sum);
      }
    }
  }

  /** How many rows of accounts a snapshot holds. */
  static int rows(Document values) {
    int ofDays =
        documents(values, CounterSnapshot.DAYS).stream()
            .mapToInt(day -> documents(day, CounterSnapshot.ACCOUNTS).size())
            .sum();
    return documents(values, CounterSnapshot.ACCOUNTS).size() + ofDays;
  }

  private static long signed(Object value) {
    return value instanceof Long number ? number : count(value);
  }

  private Optional<String> key(Document account) {
    return Lenient.text(account.get(CounterSnapshot.ACCOUNT))
        .filter(id -> counts.size() < MOST_ACCOUNTS || counts.containsKey(Optional.of(id)));
  }

  private static List<Document> documents(Document parent, String field) {
    List<Document> list = parent.getList(field, Document.class);
    return list == null ? List.of() : list;
  }

  public long pending(Predicate<Optional<String>> accounts) {
    return sum(0, accounts);
  }

  public long completed(Predicate<Optional<String>> accounts) {
    return sum(1, accounts);
  }

  public long failed(Predicate<Optional<String>> accounts) {
    return sum(2, accounts);
  }

  /** Jobs that were created since that midnight. */
  public long created(Instant midnight, Predicate<Optional<String>> accounts) {
    return notNegative(
        created.getOrDefault(midnight, Map.of()).entrySet().stream()
            .filter(jobs -> accounts.test(jobs.getKey()))
            .mapToLong(Map.Entry::getValue));
  }

  private long sum(int which, Predicate<Optional<String>> accounts) {
    return notNegative(
        counts.entrySet().stream()
            .filter(e -> accounts.test(e.getKey()))
            .mapToLong(e -> e.getValue()[which]));
  }

  /** An account may lose jobs that were added when there were too many accounts. */
  private static long notNegative(LongStream jobs) {
    return Math.max(0, jobs.sum());
  }

  /** The stored form, without zeros, and without days that began before that. */
  Document document(Instant earliestDay) {
    List<Document> accounts = new ArrayList<>();
    for (Optional<String> id : ordered(counts)) {
      long[] sums = counts.get(id);
      if (LongStream.of(sums).anyMatch(sum -> sum != 0)) {
        Document account = new Document(CounterSnapshot.ACCOUNT, id.orElse(null));
        for (int i = 0; i < sums.length; i++) {
          account.append(COUNTED.get(i), sums[i]);
        }
        accounts.add(account);
      }
    }
    List<Document> days = new ArrayList<>();
    created
        .tailMap(earliestDay, true)
        .forEach(
            (since, jobs) -> {
              List<Document> ofDay =
                  ordered(jobs).stream()
                      .filter(id -> jobs.get(id) != 0)
                      .map(
                          id ->
                              new Document(CounterSnapshot.ACCOUNT, id.orElse(null))
                                  .append(CounterSnapshot.CREATED, jobs.get(id)))
                      .toList();
              if (!ofDay.isEmpty()) {
                days.add(
                    new Document(CounterSnapshot.SINCE, Date.from(since))
                        .append(CounterSnapshot.ACCOUNTS, ofDay));
              }
            });
    return new Document(CounterSnapshot.ACCOUNTS, accounts).append(CounterSnapshot.DAYS, days);
  }

  /** Jobs of no account come before those of an account with an empty name. */
  private static List<Optional<String>> ordered(Map<Optional<String>, ?> accounts) {
    return accounts.keySet().stream().sorted(BY_ACCOUNT).toList();
  }
}
