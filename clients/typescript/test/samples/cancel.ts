import { createClient, PulsoError } from "pulso-client";

const pulso = createClient({
  baseUrl: "/api/v1",
  token: async () => sessionStorage.getItem("token") ?? undefined,
});

try {
  const reason = "Cliente solicitó detención";
  const { finished } = await pulso.cancel("batch-20251015-abc12345", { reason });
  console.log(finished ? "Cancelled" : "Cancelled; the rest of the jobs follows");
} catch (error) {
  if (!(error instanceof PulsoError)) throw error;
  console.warn(error.code, error.detail, error.requestId);
}
