export {
  type CallOptions,
  type CancelOptions,
  type ClientOptions,
  createClient,
  type OverviewQuery,
  type PulsoClient,
} from "./client.js";
export { type ErrorCode, PulsoError } from "./error.js";
export type { BatchPage, BatchQuery } from "./list.js";
export type { DryRun, Many, ManyOptions, Selection } from "./many.js";
export type { Socket, SocketClass } from "./push.js";
export type { Token } from "./transport.js";
export type * from "./types.js";
export type { Watch, WatchOptions } from "./watch.js";
export type { DeliveryPage, DeliveryQuery, NewWebhook, Webhooks } from "./webhooks.js";
