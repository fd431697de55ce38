import * as oauth from "oauth4webapi";
import { go, lastListUrl, leadBackTo } from "./route";

/** Where people sign in, as config.json says. */
interface SignInConfig {
  issuer: string;
  client_id: string;
  scope: string;
  /** Empty unless the issuer needs to know for which API the token is. */
  audience: string;
}

/** What the issuer gave. It is kept in memory alone. */
export interface Grant {
  accessToken: string;
  refreshToken: string | undefined;
  /** When to ask for the next token, a while before this one ends: ms, by this machine's clock. */
  renewAt: number;
}

/** Why a sign-in ended without a token. */
export type SignInProblem =
  | { kind: "denied" | "stale" | "clock" | "unreachable" }
  | { kind: "failed"; code: string };

/** What has to survive the way to the issuer and back. It contains no token. */
interface Trip {
  state: string;
  nonce: string;
  verifier: string;
  /** Where the reader was. */
  url: string;
  /** The list that they came from. */
  list: string;
}

const TRIP = "sign-in";
const SIGNED_OUT = "signed-out";
const MOST_MS = 15_000;
const RENEW_BEFORE_MS = 60_000;

const options = () => ({ signal: AbortSignal.timeout(MOST_MS) });
const home = () => `${location.origin}/`;

/** Reads it once; the next call after a failure tries again. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

/**
 * The page's config.json; undefined if it names no issuer, or there is none: ./run answers with 404,
 * or with 401 if it wants tokens, and other servers with the page. Throws if it can't be read:
 * nobody knows then whether there is an issuer.
 */
export const signInConfig = once(async (): Promise<SignInConfig | undefined> => {
  const answer = await fetch("/config.json", { ...options(), cache: "no-cache" });
  const isPage = answer.ok && answer.headers.get("content-type")?.startsWith("text/html");
  if (isPage || [401, 404].includes(answer.status)) return undefined;
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  const config = await answer.json();
  return config.issuer ? config : undefined;
});

/** What the page knows of the issuer, by its discovery document. */
const known = once(async () => {
  const config = await signInConfig();
  if (!config) throw new Error("config.json names no issuer.");
  const issuer = new URL(config.issuer);
  const answer = await oauth.discoveryRequest(issuer, options());
  const server = await oauth.processDiscoveryResponse(issuer, answer);
  // A token that ended a minute ago by this machine's clock may have been made just now.
  const client: oauth.Client = { client_id: config.client_id, [oauth.clockTolerance]: 60 };
  return { config, server, client };
});

/** Leaves the page for the issuer, which sends the reader back to where they are now. */
export async function leaveToSignIn(): Promise<SignInProblem | undefined> {
  try {
    const { config, server } = await known();
    const trip: Trip = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
      url: location.pathname + location.search,
      list: lastListUrl(),
    };
    sessionStorage.setItem(TRIP, JSON.stringify(trip));
    if (server.authorization_endpoint === undefined) return failed("no authorization_endpoint");
    const url = new URL(server.authorization_endpoint);
    const parameters = {
      response_type: "code",
      client_id: config.client_id,
      redirect_uri: home(),
      scope: config.scope,
      ...(config.audience ? { audience: config.audience } : {}),
      state: trip.state,
      nonce: trip.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(trip.verifier),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    location.replace(url);
    return undefined;
  } catch (error) {
    return problemOf(error);
  }
}

/**
 * Finishes a sign-in if the reader comes back from the issuer: the URL is then where they were
 * before. Undefined if they come from elsewhere.
 */
export async function comeBack(): Promise<Grant | SignInProblem | undefined> {
  const answer = new URLSearchParams(location.search);
  const isAnswer = answer.has("state") && (answer.has("code") || answer.has("error"));
  if (location.pathname !== "/" || !isAnswer) return undefined;
  const trip = take<Trip>(TRIP);
  if (trip) leadBackTo(trip.list);
  go(trip?.url ?? "/", { replace: true });
  // No trip: the link of somebody else, or a tab that was opened anew.
  if (trip === undefined || answer.get("state") !== trip.state) return { kind: "stale" };
  try {
    const { server, client } = await known();
    const valid = oauth.validateAuthResponse(server, client, answer, trip.state);
    const given = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      valid,
      home(),
      trip.verifier,
      options(),
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, given, {
      expectedNonce: trip.nonce,
      requireIdToken: true,
    });
    return grantOf(tokens);
  } catch (error) {
    return problemOf(error);
  }
}

/** The next grant: this one if the issuer does not answer, without renewal if it refuses. */
export async function renewed(grant: Grant, refreshToken: string): Promise<Grant> {
  try {
    const { server, client } = await known();
    const given = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      refreshToken,
      options(),
    );
    const tokens = await oauth.processRefreshTokenResponse(server, client, given);
    return grantOf(tokens, refreshToken);
  } catch (error) {
    const isRefused = error instanceof oauth.ResponseBodyError && [400, 401].includes(error.status);
    return isRefused ? { ...grant, refreshToken: undefined } : grant;
  }
}

/**
 * Ends the session at the issuer too, if it offers that. It gets no token for it, because that
 * would stand in a URL.
 */
export async function leaveSignedOut(): Promise<SignInProblem | undefined> {
  try {
    const { config, server } = await known();
    if (server.end_session_endpoint === undefined) return undefined;
    const url = new URL(server.end_session_endpoint);
    url.searchParams.set("client_id", config.client_id);
    url.searchParams.set("post_logout_redirect_uri", home());
    // The name that Cognito has for it.
    url.searchParams.set("logout_uri", home());
    sessionStorage.setItem(SIGNED_OUT, "true");
    location.replace(url);
    return undefined;
  } catch (error) {
    return problemOf(error);
  }
}

/** Whether the reader comes back from signing out; true once. */
export const comesSignedOut = (): boolean => take<boolean>(SIGNED_OUT) ?? false;

function take<T>(key: string): T | undefined {
  try {
    const text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    // Storage can be forbidden. Then nothing was kept.
    return undefined;
  }
}

function grantOf(tokens: oauth.TokenEndpointResponse, refreshToken?: string): Grant {
  const lifetime = (tokens.expires_in ?? Number.POSITIVE_INFINITY) * 1000;
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? refreshToken,
    renewAt: Date.now() + Math.max(lifetime - RENEW_BEFORE_MS, lifetime / 2),
  };
}

function problemOf(error: unknown): SignInProblem {
  if (error instanceof oauth.AuthorizationResponseError) {
    return error.error === "access_denied" ? { kind: "denied" } : failed(error.error);
  }
  if (error instanceof oauth.ResponseBodyError) {
    // The code is used up or too old.
    return error.error === "invalid_grant" ? { kind: "stale" } : failed(error.error);
  }
  if (error instanceof oauth.OperationProcessingError) {
    return error.code === oauth.JWT_TIMESTAMP_CHECK ? { kind: "clock" } : failed(error.code);
  }
  if (error instanceof DOMException && error.name === "TimeoutError")
    return { kind: "unreachable" };
  // What fetch throws when there is no answer, or the Content-Security-Policy allows none.
  if (error instanceof TypeError && !("code" in error)) return { kind: "unreachable" };
  return failed(error instanceof Error ? error.message : String(error));
}

const failed = (code = "unknown"): SignInProblem => ({ kind: "failed", code: code.slice(0, 100) });
