import { vi } from "vitest";
import { createClient } from "../../src/index.js";
import { FakeApi, type Reply } from "./api.js";

export const ID = "batch-20251015-abc12345";

/** A client of an API that gives these answers, and the last one for ever. */
export function world(...replies: Reply[]) {
  const reply = () => replies[Math.min(api.sent.length, replies.length) - 1] as Reply;
  const api: FakeApi = new FakeApi(reply);
  return { api, client: createClient({ baseUrl: api.baseUrl, token: "a.b.c", webSocket: false }) };
}

export const ok = (body: unknown, headers: Record<string, string> = {}): Reply => ({
  headers,
  body: () => body,
});

export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
