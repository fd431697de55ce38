/** What to be told about. */
export type Channel =
  | { batch_id: string }
  | { overview: true; account_id?: string | undefined }
  | { batches: true; account_id?: string | undefined };

/** What the API sends. */
export interface Message {
  type: string;
  /** None in the answer to a message of this client. */
  version?: number;
  code?: string;
  data?: unknown;
}

/** Errors that the same subscription would get again; others pass. */
const LASTING = new Set([
  "ACCOUNT_FORBIDDEN",
  "BATCH_NOT_FOUND",
  "FORBIDDEN",
  "INVALID_MESSAGE",
  "TOO_MANY_SUBSCRIPTIONS",
  "UNAUTHENTICATED",
]);

/** Whether the same subscription may succeed a little later. */
export const isPassing = ({ type, code }: Message): boolean =>
  type === "error" && !LASTING.has(code ?? "");

/** One name for a channel, and for the messages about it. A message may be about none. */
export function keyOf(about: Channel): string;
export function keyOf(about: Message): string | undefined;
export function keyOf(about: Channel | Message): string | undefined {
  const { batch_id, overview, batches, account_id } = about as unknown as Record<string, unknown>;
  if (typeof batch_id === "string") return `batch ${batch_id}`;
  const account = JSON.stringify(account_id ?? null);
  if (overview === true) return `overview ${account}`;
  return batches === true ? `batches ${account}` : undefined;
}

export function parsed(data: unknown): Message | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    const isMessage = typeof value === "object" && value !== null && "type" in value;
    return isMessage ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}
