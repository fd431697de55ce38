import { createClient } from "pulso-client";

const pulso = createClient({ baseUrl: "http://localhost:8000/api/v1" });

const { batches } = await pulso.batches({ status: "active" });
for (const { batch_id, name } of batches) {
  pulso.watchBatch(batch_id, {
    onUpdate: (batch) => console.log(name, batch.completed_jobs, "of", batch.total_jobs),
    onError: (error) => console.warn(name, error.code, error.detail),
  });
}
