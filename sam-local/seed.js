// The small database that events/*.json and sam-local/test speak of. For mongosh; empties the
// database it is connected to first.
const at = (text) => new Date(text);
const uploaded = at("2025-01-15T10:30:00.123Z");

db.dropDatabase();

db.accounts.insertMany([
  {
    account_id: "acc-chile-001",
    account_name: "Cliente Chile Principal",
    plan_type: "credit_based",
    status: "active",
    credit_balance: 5200,
    credit_reserved: 200,
  },
  // An older document: "name" and "billing_type".
  {
    account_id: "acc-peru-001",
    name: "Cliente Perú",
    billing_type: "minutes_based",
    status: "active",
    minutes_purchased: 1000,
    minutes_used: 300.5,
    minutes_reserved: 49.5,
  },
]);

const batch = (suffix, fields) => ({
  _id: ObjectId("678790a0000000000000000" + suffix),
  account_id: "acc-chile-001",
  total_jobs: 0,
  pending_jobs: 0,
  completed_jobs: 0,
  failed_jobs: 0,
  suspended_jobs: 0,
  total_cost: 0,
  total_minutes: 0,
  is_active: true,
  priority: 1,
  created_at: uploaded,
  started_at: uploaded,
  completed_at: null,
  updated_at: null,
  ...fields,
});

db.batches.insertMany([
  batch(2, { batch_id: "batch-20250115-abc12345", name: "Campaña enero" }),
  // Archived: its jobs are gone, its counters stay.
  batch(3, {
    batch_id: "batch-20250116-def67890",
    name: "Archivada",
    total_jobs: 1924,
    pending_jobs: 0,
    completed_jobs: 1300,
    failed_jobs: 574,
    suspended_jobs: 50,
    total_cost: 1250.75,
    total_minutes: 450.3,
    priority: 3,
  }),
  // batch-cancel.json cancels this one by its _id, sam-local/test the next.
  batch(4, { batch_id: "batch-20250117-cab00004", name: "Por cancelar" }),
  batch(5, { batch_id: "batch-20250118-cab00005", name: "Por cancelar también" }),
  batch(6, { batch_id: "batch-20250119-fee00006", name: "Perú", account_id: "acc-peru-001" }),
]);

// batch-operation-progress.json asks how far this one is.
db.pulso_operations.insertOne({
  _id: ObjectId("678790a0f0e1d2c3b4a59687"),
  action: "cancel",
  reason: "Cliente solicitó detención",
  actor: "ana",
  created_at: uploaded,
  batches: [],
  changes: 12,
  done: 12,
  unchanged: 3,
  jobs_cancelled: 48210,
  accounts: ["acc-chile-001"],
  finished_at: uploaded,
});
db.batches.createIndex({ batch_id: 1 }, { unique: true });

let number = 0;
const job = (batchId, status, fields) => ({
  job_id: "job-" + ++number,
  account_id: "acc-chile-001",
  batch_id: batchId,
  status: status,
  attempts: status === "pending" || status === "scheduled" ? 0 : 1,
  max_attempts: 3,
  created_at: uploaded,
  updated_at: uploaded,
  ...fields,
});
const jobs = (count, ...rest) => Array.from({ length: count }, () => job(...rest));
const call = (cents, ms) => ({ duration_ms: ms, call_cost: { combined_cost: cents } });

const january = "batch-20250115-abc12345";
db.jobs.insertMany([
  ...jobs(6, january, "pending"),
  job(january, "scheduled"),
  job(january, "in_progress", { started_at: at("2025-01-15T11:40:00Z") }),
  // Both shapes in which workers write a finished call.
  job(january, "completed", {
    completed_at: at("2025-01-15T10:52:44.912Z"),
    call_result: call(28.197, 104789),
  }),
  job(january, "completed", {
    completed_at: at("2025-01-15T11:05:00Z"),
    call_result: call(10.1, 60000),
  }),
  job(january, "done", {
    finished_at: at("2025-01-15T10:59:59.999Z"),
    call_result: { success: true, summary: call(28.197, 104789) },
  }),
  job(january, "done", {
    call_ended_at: at("2025-01-14T23:10:00Z"),
    call_result: { success: true, summary: { call_cost: { combined_cost: 20.2 } } },
    call_duration_seconds: 91,
  }),
  job(january, "failed", {
    failed_at: at("2025-01-15T10:53:00Z"),
    call_result: { success: false, summary: call(28.197, 104789) },
  }),
  job(january, "failed", { call_ended_at: at("2025-01-15T11:30:00Z") }),
  job(january, "suspended"),
  job(january, "cancelled"),

  ...jobs(3, "batch-20250117-cab00004", "pending"),
  job("batch-20250117-cab00004", "done", { finished_at: at("2025-01-17T15:00:00Z") }),

  ...jobs(4, "batch-20250118-cab00005", "pending"),
  ...jobs(2, "batch-20250118-cab00005", "scheduled"),
  job("batch-20250118-cab00005", "in_progress"),
  job("batch-20250118-cab00005", "done", { finished_at: at("2025-01-18T15:00:00Z") }),

  ...jobs(2, "batch-20250119-fee00006", "completed", {
    account_id: "acc-peru-001",
    completed_at: at("2025-01-19T15:00:00Z"),
    created_at: new Date(),
    call_result: call(50, 90000),
  }),

  // Single calls, and a job that outlived its batch.
  job(null, "done", { created_at: new Date(), finished_at: new Date() }),
  ...jobs(2, undefined, "pending", { created_at: new Date() }),
  job("batch-20240101-gone0000", "failed", { account_id: "acc-peru-001" }),
]);
print("seeded " + db.batches.countDocuments() + " batches, " + db.jobs.countDocuments() + " jobs");
