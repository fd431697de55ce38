package dev.pulso.recount;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one account has in a group of jobs, by the jobs' own account_id.
 *
 * @param accountId the account; empty: jobs whose account_id is missing or not a string
 * @param counts its jobs by status
 * @param today its jobs created since midnight of the tally's day
 */
public record AccountCounts(Optional<String> accountId, StatusCounts counts, long today) {

  /** The counts that these jobs per account and status make, in the order of accounts. */
  static List<AccountCounts> sorted(
      Map<Optional<String>, Map<String, Long>> byAccount, Map<Optional<String>, Long> today) {
    List<AccountCounts> accounts = new ArrayList<>();
    byAccount.forEach(
        (account, counts) ->
            accounts.add(
                new AccountCounts(
                    account, StatusCounts.of(counts), today.getOrDefault(account, 0L))));
    accounts.sort(Comparator.comparing(account -> account.accountId().orElse("")));
    return accounts;
  }
}
