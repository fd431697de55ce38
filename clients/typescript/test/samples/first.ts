import { createClient } from "pulso-client";

const pulso = createClient({
  baseUrl: "http://localhost:8000/api/v1",
  token: () => sessionStorage.getItem("token") ?? undefined,
});

const watch = pulso.watchBatch("batch-20251015-abc12345", {
  onUpdate: (batch) => console.log(batch.completed_jobs, "of", batch.total_jobs),
  onError: (error) => console.warn(error.code, error.detail),
});

await pulso.cancel("batch-20251015-abc12345", { reason: "Cliente solicitó detención" });
watch.stop();
