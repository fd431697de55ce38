import { signal } from "@preact/signals";
import { createClient, PulsoError } from "pulso-client";

/** Kept in memory alone: a token in storage could be read by whatever runs in the page later. */
const token = signal<string | undefined>(undefined);

/** Why the API wants a token, or another one; undefined while it is content. */
export const unauthenticated = signal<PulsoError | undefined>(undefined);

export const isSignedIn = (): boolean => token.value !== undefined;

export const client = createClient({ baseUrl: "/api/v1", token: () => token.peek() });

export function signIn(given: string): void {
  token.value = given.trim().replace(/^bearer\s+/i, "");
  unauthenticated.value = undefined;
}

export function signOut(): void {
  token.value = undefined;
  unauthenticated.value = undefined;
}

/** Notes that the API asks who calls. */
export function noteError(error: PulsoError): void {
  if (error.status === 401) unauthenticated.value = error;
}

/** A failure of a call as an error of the API; anything else is a defect and is thrown. */
export function asPulsoError(error: unknown): PulsoError {
  if (!(error instanceof PulsoError)) throw error;
  noteError(error);
  return error;
}
