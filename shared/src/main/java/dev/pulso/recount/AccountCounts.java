package dev.pulso.recount;

import java.util.Optional;

/**
 * What one account has in a group of jobs, by the jobs' own account_id.
 *
 * @param accountId the account; empty: jobs whose account_id is missing or not a string
 * @param counts its jobs by status
 * @param today its jobs created since midnight of the tally's day
 */
public record AccountCounts(Optional<String> accountId, StatusCounts counts, long today) {}
