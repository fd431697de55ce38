package dev.pulso.counting;

import static dev.pulso.mongo.Lenient.count;

import dev.pulso.mongo.Lenient;
import dev.pulso.text.InputText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bson.Document;

/** Adds up counts of jobs by account, in the stored form of snapshots and totals. */
public final class AccountJobs {
  private static final List<String> COUNTED =
      List.of(CounterSnapshot.PENDING, CounterSnapshot.COMPLETED, CounterSnapshot.FAILED);

  /**
   * The most {@link #bytes} of accounts with totals of their own. A row for each day adds to that:
   * two days, and ids of 800 bytes, make 10 MB. The redo list is in the same document, of 16 MB.
   */
  static final int MOST_BYTES = 4_000_000;

  /** The most bytes of a row but for its id. */
  private static final int ROW_BYTES = 200;

  private static final long[] NONE = {};

  /** Jobs of no account come before those of an account with an empty name. */
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
      long[] sums = counts.computeIfAbsent(id(account), any -> new long[COUNTED.size()]);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += sign * signed(account.get(COUNTED.get(i)));
      }
    }
    for (Document day : documents(values, CounterSnapshot.DAYS)) {
      Instant since = Lenient.time(day.get(CounterSnapshot.SINCE)).orElse(Instant.EPOCH);
      Map<Optional<String>, Long> ofDay = created.computeIfAbsent(since, any -> new HashMap<>());
      for (Document account : documents(day, CounterSnapshot.ACCOUNTS)) {
        long jobs = sign * signed(account.get(CounterSnapshot.CREATED));
        ofDay.merge(id(account), jobs, Long::sum);
      }
    }
  }

  /** Returns about how many bytes the rows of a snapshot take, rather more than less. */
  static long bytes(Document values) {
    return Stream.concat(
            documents(values, CounterSnapshot.ACCOUNTS).stream(),
            documents(values, CounterSnapshot.DAYS).stream()
                .flatMap(day -> documents(day, CounterSnapshot.ACCOUNTS).stream()))
        .mapToLong(row -> bytes(id(row).orElse("")))
        .sum();
  }

  private static long bytes(String id) {
    return ROW_BYTES + id.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Returns the accounts with most jobs whose rows take so many bytes at most, and of these only
   * ids that somebody can ask for. Among equals the first by id come first.
   */
  static Set<Optional<String>> largest(
      Collection<Optional<String>> accounts, ToLongFunction<Optional<String>> jobs, long most) {
    List<Optional<String>> sorted =
        accounts.stream()
            .filter(
                id -> id.filter(text -> InputText.isWithin(InputText.LONGEST_ID, text)).isPresent())
            .sorted(Comparator.comparingLong(jobs).reversed().thenComparing(BY_ACCOUNT))
            .toList();
    Set<Optional<String>> largest = new HashSet<>();
    long left = most;
    for (Optional<String> id : sorted) {
      left -= bytes(id.get());
      if (left < 0) {
        break;
      }
      largest.add(id);
    }
    return largest;
  }

  private static long signed(Object value) {
    return value instanceof Long number ? number : count(value);
  }

  private static Optional<String> id(Document account) {
    return Lenient.text(account.get(CounterSnapshot.ACCOUNT));
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

  /**
   * The stored form, without zeros, and without days that began before that. Of too many accounts
   * those with fewest jobs count as jobs of no account.
   */
  Document document(Instant earliestDay) {
    Map<Instant, Map<Optional<String>, Long>> kept = created.tailMap(earliestDay, true);
    Set<Optional<String>> ids = new HashSet<>(counts.keySet());
    kept.values().forEach(ofDay -> ids.addAll(ofDay.keySet()));
    Set<Optional<String>> apart = largest(ids, this::jobs, MOST_BYTES);
    List<Document> accounts = new ArrayList<>();
    merged(counts, apart, AccountJobs::added)
        .forEach(
            (id, sums) -> {
              if (LongStream.of(sums).anyMatch(sum -> sum != 0)) {
                Document account = row(id);
                for (int i = 0; i < sums.length; i++) {
                  account.append(COUNTED.get(i), sums[i]);
                }
                accounts.add(account);
              }
            });
    List<Document> days = new ArrayList<>();
    kept.forEach(
        (since, ofDay) -> {
          List<Document> rows = new ArrayList<>();
          merged(ofDay, apart, Long::sum)
              .forEach(
                  (id, jobs) -> {
                    if (jobs != 0) {
                      rows.add(row(id).append(CounterSnapshot.CREATED, jobs));
                    }
                  });
          if (!rows.isEmpty()) {
            days.add(
                new Document(CounterSnapshot.SINCE, Date.from(since))
                    .append(CounterSnapshot.ACCOUNTS, rows));
          }
        });
    return new Document(CounterSnapshot.ACCOUNTS, accounts).append(CounterSnapshot.DAYS, days);
  }

  private static Document row(Optional<String> id) {
    return new Document(CounterSnapshot.ACCOUNT, id.orElse(null));
  }

  /**
   * Returns the values by account, in their order; those of accounts that are not apart together.
   */
  private static <T> Map<Optional<String>, T> merged(
      Map<Optional<String>, T> values, Set<Optional<String>> apart, BinaryOperator<T> sum) {
    Map<Optional<String>, T> merged = new TreeMap<>(BY_ACCOUNT);
    values.forEach(
        (id, value) -> merged.merge(apart.contains(id) ? id : Optional.empty(), value, sum));
    return merged;
  }

  private long jobs(Optional<String> id) {
    return LongStream.of(counts.getOrDefault(id, NONE)).sum();
  }

  private static long[] added(long[] some, long[] more) {
    return IntStream.range(0, some.length).mapToLong(i -> some[i] + more[i]).toArray();
  }
}
