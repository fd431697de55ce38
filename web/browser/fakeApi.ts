import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { BrowserContext, Route } from "playwright-core";
import type { BatchDetails, BatchRow, DashboardOverview } from "pulso-client";

/** As ./run sends it; a test of the running whole compares the two. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export const ORIGIN = "http://localhost:9";

const DIST = join(import.meta.dirname, "..", "dist");
const TYPES: Record<string, string> = {
  ".html": "text/html;charset=utf-8",
  ".js": "text/javascript;charset=utf-8",
  ".css": "text/css;charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** What the API answers when it should be in a certain state. No request leaves the browser. */
export class FakeApi {
  batches: BatchRow[] = [];
  overview: DashboardOverview = overview();
  accounts: unknown[] = [
    account("acc-chile-001", "Cliente Chile Principal"),
    account("acc-peru-001", "Cobranzas Perú Andina"),
  ];
  hours: unknown[] = [];
  history: BatchDetails["history"] = [];
  /** What config.json says; none as under ./run. */
  config: { issuer: string } | undefined;
  /** How config.json can't be read: a status, or no answer. */
  configFailure: number | "offline" | undefined;
  /** Answers some requests otherwise; undefined: as usual. */
  instead: (
    method: string,
    url: URL,
    body: unknown,
    token: string | undefined,
  ) => Answer | "offline" | undefined = () => undefined;
  /** All requests to the API, as "GET /batches?…". */
  readonly asked: string[] = [];

  async serve(context: BrowserContext): Promise<void> {
    await context.route("**/*", (route) => this.#answer(route));
  }

  async #answer(route: Route): Promise<void> {
    const url = new URL(route.request().url());
    if (url.origin !== ORIGIN) return route.fallback();
    if (url.pathname === "/config.json" && (this.configFailure || this.config)) {
      if (this.configFailure === "offline") return route.abort("internetdisconnected");
      return route.fulfill({ status: this.configFailure ?? 200, json: this.config ?? {} });
    }
    if (!url.pathname.startsWith("/api/v1/")) return file(route, url.pathname, this.config?.issuer);
    const method = route.request().method();
    const path = url.pathname.slice("/api/v1".length);
    // No push: the page polls.
    if (path === "/events/tickets") return route.fulfill({ status: 204 });
    this.asked.push(`${method} ${path}${url.search}`);
    const body = route.request().postData() ? route.request().postDataJSON() : undefined;
    const token = (await route.request().headerValue("authorization"))?.replace("Bearer ", "");
    const answer =
      this.instead(method, url, body, token) ?? this.#usual(method, path, url.searchParams);
    if (answer === "offline") return route.abort("internetdisconnected");
    const type = (answer.status ?? 200) < 400 ? "application/json" : "application/problem+json";
    await route.fulfill({
      status: answer.status ?? 200,
      headers: {
        "content-type": type,
        "cache-control": "no-store",
        date: new Date().toUTCString(),
        ...answer.headers,
      },
      body: JSON.stringify(answer.body ?? {}),
    });
  }

  #usual(method: string, path: string, query: URLSearchParams): Answer {
    if (path === "/accounts") return { body: this.accounts };
    if (path === "/dashboard/overview") return { body: this.overview };
    if (path === "/batches") return this.#page(query);
    const [, id = "", action] = /^\/batches\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const named = decodeURIComponent(id);
    const batch = this.batches.find((one) => [one._id, one.batch_id].includes(named));
    if (!batch) return problem(404, "BATCH_NOT_FOUND", "Batch not found");
    if (action === "summary") return { body: { ...batch, hourly_stats: this.hours } };
    if (action === "pause" || action === "resume") {
      batch.is_active = action === "resume";
      batch.status = batch.is_active ? "active" : "paused";
      return { body: { success: true, message: "ok" } };
    }
    if (method === "POST") return problem(404, "NOT_FOUND", "Not here");
    return { body: { ...batch, history: this.history } };
  }

  /** Pages by index, which is enough for a list that does not change. */
  #page(query: URLSearchParams): Answer {
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    const q = (query.get("q") ?? "").toLowerCase();
    const states = query.get("status")?.split(",");
    const found = this.batches
      .filter((one) => (one.name ?? "").toLowerCase().includes(q))
      .filter((one) => !states || states.includes(one.status))
      .filter((one) => [null, one.account_id].includes(query.get("account_id")));
    const next = new URLSearchParams(query);
    next.set("cursor", String(from + limit));
    return {
      body: found.slice(from, from + limit),
      headers: from + limit < found.length ? { link: `</api/v1/batches?${next}>; rel="next"` } : {},
    };
  }
}

/** The page's files. As edge/template.yaml has it, the page may ask an issuer besides its API. */
async function file(route: Route, path: string, issuer?: string): Promise<void> {
  const allowed = issuer ? `connect-src 'self' ${new URL(issuer).origin}` : "connect-src 'self'";
  const name = extname(path) === "" || path.startsWith("/batches") ? "/index.html" : path;
  try {
    await route.fulfill({
      headers: {
        "content-type": TYPES[extname(name)] ?? "text/plain",
        "content-security-policy": CONTENT_SECURITY_POLICY.replace("connect-src 'self'", allowed),
      },
      body: await readFile(join(DIST, name)),
    });
  } catch {
    await route.fulfill({ status: 404, body: "" });
  }
}

export const problem = (status: number, code: string, detail: string, more = {}): Answer => ({
  status,
  body: { type: "about:blank", title: code, status, detail, code, message: detail },
  ...more,
});

const account = (account_id: string, name: string) => ({
  account_id,
  name,
  status: "active",
  balance: 6429.5,
  billing_type: "minutes",
});

export const overview = (jobs = 1234): DashboardOverview => ({
  success: true,
  timestamp: new Date().toISOString(),
  account: null,
  metrics: {
    jobs_today: jobs,
    success_rate_percentage: 83.13,
    active_batches: 4,
    pending_jobs: 5300,
  },
  detailed_stats: {
    jobs: { today: jobs, pending: 5300, completed: 4520, failed: 917, total_finished: 5437 },
    batches: { active_count: 4, total_jobs: 12400, total_cost: 1250.75, total_minutes: 4503.3 },
  },
});

/** A batch with some jobs of every kind. */
export function row(number: number, changes: Partial<BatchRow> = {}): BatchRow {
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const jobs = {
    pending_jobs: 2400,
    scheduled_jobs: 200,
    in_progress_jobs: 12,
    completed_jobs: 2800,
    failed_jobs: 540,
    suspended_jobs: 48,
    cancelled_jobs: 0,
  };
  const counted = { ...jobs, ...changes };
  const total_jobs = Object.keys(jobs).reduce(
    (sum, key) => sum + Number(counted[key as keyof typeof jobs]),
    0,
  );
  const left = counted.pending_jobs + counted.scheduled_jobs + counted.in_progress_jobs;
  return {
    _id: number.toString(16).padStart(24, "0"),
    batch_id: `batch-20261126-${number.toString(16).padStart(8, "0")}`,
    account_id: "acc-chile-001",
    name: `Cobranza ${number}`,
    description: "Cartera A, segundo contacto",
    status: "active",
    is_active: true,
    is_cancelling: false,
    priority: 1,
    total_cost: 326.48,
    total_minutes: 1893.2,
    estimated_cost: 610,
    progress_percentage: 46.67,
    finished_percentage:
      total_jobs === 0 ? 0 : Math.round(((total_jobs - left) / total_jobs) * 10_000) / 100,
    created_at: at(3120),
    started_at: at(3000),
    completed_at: null,
    cancelled_at: null,
    cancellation_reason: null,
    last_activity_at: at(0.1),
    total_jobs,
    ...counted,
  };
}
