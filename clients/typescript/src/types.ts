import type { components } from "./schema.js";

type Schemas = components["schemas"];

/** The counters of a batch. */
export type BatchStatus = Schemas["BatchStatus"];
/** All about one batch, counted at the time of the call. */
export type BatchSummary = Schemas["BatchSummary"];
/** A batch as a row of the list. */
export type BatchRow = Schemas["BatchRow"];
/** A batch and who cancelled, paused and resumed it. */
export type BatchDetails = Schemas["BatchDetails"];
/** What somebody did with a batch. */
export type HistoryEntry = Schemas["HistoryEntry"];
/** One of the last hours in which calls of a batch ended. */
export type HourlyStats = Schemas["HourlyStats"];
/** The figures of an account, or of all that the caller may see. */
export type DashboardOverview = Schemas["Overview"];
/** An account, and what is left to spend. */
export type AccountInfo = Schemas["Account"];
/** A program that is told of events. */
export type Webhook = Schemas["Webhook"];
/** A webhook and its secret, which no later answer contains. */
export type WebhookWithSecret = Schemas["WebhookWithSecret"];
/** What a webhook can be told. */
export type WebhookEvent = Schemas["WebhookEvent"];
/** What became of an event for one webhook. */
export type Delivery = Schemas["Delivery"];
/** The answer to a pause. */
export type Paused = Schemas["Paused"];
/** The answer to a resume. */
export type Resumed = Schemas["Resumed"];
/** The body of an error. */
export type Problem = Schemas["Problem"];
/** The stable name of a kind of problem. */
export type ProblemCode = Schemas["ProblemCode"] | Schemas["ProblemOfBatches"]["code"];
/** What an operation on many batches would change. */
export type OperationPreview = Schemas["OperationPreview"];
/** An operation that will be carried through. */
export type OperationAccepted = Schemas["OperationAccepted"];
/** How far an operation is. */
export type OperationProgress = Schemas["OperationProgress"];

/** The answer to a cancel. */
export type Cancelled = Schemas["Cancelled"] & {
  /** False after a 202: the batch is cancelled, and the rest of its jobs follows by itself. */
  finished: boolean;
};
