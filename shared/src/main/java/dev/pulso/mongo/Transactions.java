package dev.pulso.mongo;

import com.mongodb.ReadConcern;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;

/** How transactions are run here. */
public final class Transactions {
  /** Once it is acknowledged, no failover can undo it. */
  public static final TransactionOptions SAFE =
      TransactionOptions.builder()
          .readConcern(ReadConcern.SNAPSHOT)
          .writeConcern(WriteConcern.MAJORITY)
          .build();

  private Transactions() {}
}
