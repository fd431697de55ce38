import { createClient } from "pulso-client";

const pulso = createClient({ baseUrl: "http://localhost:8000/api/v1" });

const selection = { account_id: "acc-peru-001", status: "active,paused" };
const { batches, jobs } = await pulso.cancelMany(selection, { dryRun: true });
if (confirm(`Cancel ${jobs} calls of ${batches} batches?`)) {
  const { jobs_cancelled } = await pulso.cancelMany(selection, {
    expected: batches,
    wait: true,
    onProgress: ({ done }) => console.log(done, "of", batches),
  });
  console.log(jobs_cancelled, "calls cancelled");
}
