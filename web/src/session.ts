import { batch, signal } from "@preact/signals";
import { createClient, type PulsoClient, PulsoError } from "pulso-client";
import {
  comeBack,
  comesSignedOut,
  type Grant,
  leaveSignedOut,
  renewed,
  type SignInProblem,
} from "./issuer";

/** Kept in memory alone: a token in storage could be read by whatever runs in the page later. */
const grant = signal<Grant | undefined>(undefined);

/** Why the API wants a token, or another one; undefined while it is content. */
export const unauthenticated = signal<PulsoError | undefined>(undefined);

/** Why the last sign-in at the issuer ended without a token. */
export const signInProblem = signal<SignInProblem | undefined>(undefined);

/** Whether the reader signed out, and so does not want to be signed in at once. */
export const isSignedOut = signal(false);

/** Changes with the person who reads. What the last one saw is not for the next one. */
export const reader = signal(0);

/** The client of this reader: watches of a client share what they know. */
export let client: PulsoClient = connect();

export const isSignedIn = (): boolean => grant.value !== undefined;

/** Whether it is time for another token. */
export const isDue = (): boolean => grant.value !== undefined && Date.now() >= grant.value.renewAt;

/**
 * Signs in with a token that the reader has. Nobody knows when it ends. Returns false for what can be
 * none: no request could carry some of its characters, which looks as if there were no connection.
 */
export function signIn(given: string): boolean {
  const accessToken = given.trim().replace(/^bearer\s+/i, "");
  if (!/^[!-~]+$/.test(accessToken)) return false;
  become({ accessToken, refreshToken: undefined, renewAt: Number.POSITIVE_INFINITY });
  return true;
}

/** Takes what the issuer says, if the reader comes back from it. Called before anything is shown. */
export async function finishSignIn(): Promise<void> {
  isSignedOut.value = comesSignedOut();
  const result = await comeBack();
  if (result === undefined) return;
  if ("kind" in result) ask("The sign-in failed.", result);
  else become(result);
}

export async function signOut(): Promise<void> {
  become(undefined);
  isSignedOut.value = true;
  ask("Signed out.", await leaveSignedOut());
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

function ask(why: string, problem: SignInProblem | undefined): void {
  batch(() => {
    unauthenticated.value = new PulsoError(why, { code: "UNAUTHENTICATED", status: 401 });
    signInProblem.value = problem;
  });
}

function become(next: Grant | undefined): void {
  batch(() => {
    grant.value = next;
    client = connect();
    reader.value += 1;
    unauthenticated.value = undefined;
    signInProblem.value = undefined;
    isSignedOut.value = false;
  });
}

function connect(): PulsoClient {
  return createClient({ baseUrl: "/api/v1", token: currentToken });
}

let renewal: Promise<void> | undefined;

/** The token, renewed in time. One renewal serves all requests that wait for it. */
async function currentToken(): Promise<string | undefined> {
  const held = grant.peek();
  if (held?.refreshToken !== undefined && Date.now() >= held.renewAt) {
    renewal ??= renew(held, held.refreshToken).finally(() => {
      renewal = undefined;
    });
    await renewal;
  }
  return grant.peek()?.accessToken;
}

async function renew(held: Grant, refreshToken: string): Promise<void> {
  const next = await renewed(held, refreshToken);
  // Meanwhile the reader may have signed out, or in as somebody else.
  if (grant.peek() === held) grant.value = next;
}
