import { batch, signal } from "@preact/signals";
import { createClient, type PulsoClient, PulsoError } from "pulso-client";

/** Kept in memory alone: a token in storage could be read by whatever runs in the page later. */
const token = signal<string | undefined>(undefined);

/** Why the API wants a token, or another one; undefined while it is content. */
export const unauthenticated = signal<PulsoError | undefined>(undefined);

/** Changes with the person who reads. What the last one saw is not for the next one. */
export const reader = signal(0);

/** The client of this reader: watches of a client share what they know. */
export let client: PulsoClient = connect();

export const isSignedIn = (): boolean => token.value !== undefined;

export const signIn = (given: string): void =>
  become(given.trim().replace(/^bearer\s+/i, ""), undefined);

export const signOut = (): void =>
  become(undefined, new PulsoError("Signed out.", { code: "UNAUTHENTICATED", status: 401 }));

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

function become(next: string | undefined, problem: PulsoError | undefined): void {
  batch(() => {
    token.value = next;
    client = connect();
    reader.value += 1;
    unauthenticated.value = problem;
  });
}

function connect(): PulsoClient {
  return createClient({ baseUrl: "/api/v1", token: () => token.peek() });
}
