import { createHash, randomUUID } from "node:crypto";
import type { BrowserContext, Route } from "playwright-core";
import { ORIGIN } from "./fakeApi";

const ISSUER = "https://issuer.test";

interface Given {
  challenge: string;
  nonce: string;
}

/** An issuer that checks what the page sends, and remembers who is signed in. */
export class FakeIssuer {
  readonly config = { issuer: ISSUER, client_id: "page", scope: "openid pulso:read", audience: "" };
  /** Whether people have to press a button first. */
  isSignedIn = false;
  /** Seconds. */
  lifetime = 3600;
  givesRefreshTokens = true;
  /** How the next sign-in ends instead, like access_denied. */
  refusal: string | undefined;
  /** The nonce in ID tokens instead of the page's. */
  wrongNonce: string | undefined;
  isAway = false;
  endsSessions = true;
  /** Paths of all requests. */
  readonly asked: string[] = [];
  /** All tokens that it gave. */
  readonly tokens: string[] = [];
  readonly #codes = new Map<string, Given>();
  #refreshToken: string | undefined;

  async serve(context: BrowserContext): Promise<void> {
    await context.route(`${ISSUER}/**`, (route) => this.#answer(route));
  }

  count(path: string): number {
    return this.asked.filter((one) => one === path).length;
  }

  #answer(route: Route): Promise<void> {
    const url = new URL(route.request().url());
    this.asked.push(url.pathname);
    if (this.isAway) return route.abort("connectionrefused");
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return json(route, 200, {
          issuer: ISSUER,
          authorization_endpoint: `${ISSUER}/authorize`,
          token_endpoint: `${ISSUER}/token`,
          ...(this.endsSessions && { end_session_endpoint: `${ISSUER}/logout` }),
        });
      case "/authorize":
        return this.#authorize(route, url.searchParams);
      case "/log-in":
        this.isSignedIn = true;
        return this.#authorize(route, url.searchParams);
      case "/token":
        return this.#token(route, new URLSearchParams(route.request().postData() ?? ""));
      case "/logout":
        this.isSignedIn = false;
        return leadTo(route, url.searchParams.get("post_logout_redirect_uri") ?? "");
      default:
        return route.fulfill({ status: 404, body: "" });
    }
  }

  #authorize(route: Route, query: URLSearchParams): Promise<void> {
    const wanted = {
      response_type: "code",
      client_id: "page",
      redirect_uri: `${ORIGIN}/`,
      scope: "openid pulso:read",
      code_challenge_method: "S256",
    };
    const wrong = Object.entries(wanted).find(([name, value]) => query.get(name) !== value);
    if (wrong) return route.fulfill({ status: 400, body: `Wrong ${wrong[0]}` });
    const answer = new URLSearchParams({ state: query.get("state") ?? "" });
    if (this.refusal) {
      answer.set("error", this.refusal);
    } else if (!this.isSignedIn) {
      const body = `<a href="/log-in?${query.toString().replaceAll("&", "&amp;")}">Log in</a>`;
      return route.fulfill({ contentType: "text/html", body });
    } else {
      const code = randomUUID();
      this.#codes.set(code, {
        challenge: query.get("code_challenge") ?? "",
        nonce: query.get("nonce") ?? "",
      });
      answer.set("code", code);
    }
    return leadTo(route, `${ORIGIN}/?${answer}`);
  }

  #token(route: Route, form: URLSearchParams): Promise<void> {
    if (form.get("client_id") !== "page") return json(route, 400, { error: "invalid_client" });
    if (form.get("grant_type") === "refresh_token") {
      const isKnown = form.get("refresh_token") === this.#refreshToken;
      return isKnown ? this.#give(route, "") : json(route, 400, { error: "invalid_grant" });
    }
    const code = form.get("code") ?? "";
    const given = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = createHash("sha256").update(form.get("code_verifier") ?? "");
    const isRight =
      given?.challenge === verifier.digest("base64url") &&
      form.get("redirect_uri") === `${ORIGIN}/`;
    return isRight ? this.#give(route, given.nonce) : json(route, 400, { error: "invalid_grant" });
  }

  #give(route: Route, nonce: string): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { iss: ISSUER, aud: "page", sub: "ana", iat: now, exp: now + 3600 };
    const whole = { ...claims, nonce: this.wrongNonce ?? nonce };
    const access_token = `access-${randomUUID()}`;
    const id_token = `${part({ alg: "RS256" })}.${part(nonce ? whole : claims)}.${randomUUID()}`;
    this.#refreshToken = this.givesRefreshTokens ? `refresh-${randomUUID()}` : undefined;
    const refresh_token = this.#refreshToken;
    this.tokens.push(access_token, id_token, ...(refresh_token ? [refresh_token] : []));
    const expires_in = this.lifetime;
    return json(route, 200, {
      access_token,
      id_token,
      refresh_token,
      expires_in,
      token_type: "Bearer",
    });
  }
}

const json = (route: Route, status: number, body: object) =>
  route.fulfill({ status, json: body, headers: { "access-control-allow-origin": ORIGIN } });

/** A redirect by the document, because what follows a 302 could not be answered here. */
const leadTo = (route: Route, url: string) =>
  route.fulfill({
    contentType: "text/html",
    body: `<meta http-equiv="refresh" content="0;url=${url.replaceAll("&", "&amp;")}">`,
  });
