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
import java.util.Optional;
import java.util.function.Predicate;
import org.bson.Document;

/** Adds up counts of jobs by account, in the stored form of snapshots and totals. */
public final class AccountJobs {
  private static final List<String> COUNTED =
      List.of(CounterSnapshot.PENDING, CounterSnapshot.COMPLETED, CounterSnapshot.FAILED);

  private final Map<Optional<String>, long[]> counts = new HashMap<>();
  private final Map<Created, Long> created = new HashMap<>();

  private record Created(Instant since, Optional<String> account) {}

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
      long[] sums = counts.computeIfAbsent(id(account), id -> new long[COUNTED.size()]);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += sign * signed(account.get(COUNTED.get(i)));
      }
    }
    for (Document day : documents(values, CounterSnapshot.DAYS)) {
      Instant since = Lenient.time(day.get(CounterSnapshot.SINCE)).orElse(Instant.EPOCH);
      for (Document account : documents(day, CounterSnapshot.ACCOUNTS)) {
        long jobs = sign * signed(account.get(CounterSnapshot.CREATED));
        created.merge(new Created(since, id(account)), jobs, Long::sum);
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
    return created.entrySet().stream()
        .filter(e -> e.getKey().since.equals(midnight) && accounts.test(e.getKey().account))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private long sum(int which, Predicate<Optional<String>> accounts) {
    return counts.entrySet().stream()
        .filter(e -> accounts.test(e.getKey()))
        .mapToLong(e -> e.getValue()[which])
        .sum();
  }

  /** The same to be stored, without zeros, and without days that began before that. */
  Document document(Instant earliestDay) {
    List<Document> accounts = new ArrayList<>();
    counts.forEach(
        (id, sums) -> {
          Document account = new Document(CounterSnapshot.ACCOUNT, id.orElse(null));
          boolean isZero = true;
          for (int i = 0; i < sums.length; i++) {
            account.append(COUNTED.get(i), sums[i]);
            isZero &= sums[i] == 0;
          }
          if (!isZero) {
            accounts.add(account);
          }
        });
    accounts.sort(Comparator.comparing(AccountJobs::order));
    Map<Instant, List<Document>> byDay = new HashMap<>();
    created.forEach(
        (key, jobs) -> {
          if (jobs != 0 && !key.since.isBefore(earliestDay)) {
            byDay
                .computeIfAbsent(key.since, since -> new ArrayList<>())
                .add(
                    new Document(CounterSnapshot.ACCOUNT, key.account.orElse(null))
                        .append(CounterSnapshot.CREATED, jobs));
          }
        });
    List<Document> days = new ArrayList<>();
    byDay.keySet().stream()
        .sorted()
        .forEach(
            since -> {
              byDay.get(since).sort(Comparator.comparing(AccountJobs::order));
              days.add(
                  new Document(CounterSnapshot.SINCE, Date.from(since))
                      .append(CounterSnapshot.ACCOUNTS, byDay.get(since)));
            });
    return new Document(CounterSnapshot.ACCOUNTS, accounts).append(CounterSnapshot.DAYS, days);
  }

  /** Jobs of no account come before those of an account with an empty name. */
  private static String order(Document account) {
    return id(account).map(id -> "=" + id).orElse("");
  }
}
