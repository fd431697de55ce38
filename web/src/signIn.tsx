import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PulsoError } from "pulso-client";
import { leaveToSignIn, type SignInProblem, signInConfig } from "./issuer";
import { useTitle } from "./parts/useTitle";
import { isDue, isSignedIn, isSignedOut, signIn, signInProblem } from "./session";
import { t } from "./text";

/** Signs in at the issuer; asks for a token where none is configured, as under ./run. */
export function SignIn({ error }: { error: PulsoError }) {
  const way = useSignal<"reading" | "unknown" | "issuer" | "token">("reading");
  const hasFailed = useSignal(false);
  useTitle(t().signIn);
  const read = async () => {
    way.value = "reading";
    try {
      way.value = (await signInConfig()) ? "issuer" : "token";
    } catch {
      hasFailed.value = true;
      way.value = "unknown";
    }
  };
  useEffect(() => void read(), []);
  if (way.value === "issuer") return <AtIssuer error={error} />;
  if (way.value === "token") return <WithToken error={error} />;
  // It usually takes a moment: nothing flashes up then.
  if (!hasFailed.value) return null;
  return <Unknown isReading={way.value === "reading"} retry={() => void read()} />;
}

/** Nobody knows where to sign in: the page's settings could not be loaded. */
function Unknown({ isReading, retry }: { isReading: boolean; retry(): void }) {
  const text = t();
  return (
    <section class="sign-in">
      <h1>{text.signIn}</h1>
      <p class={isReading ? "muted" : "refusal"} role="alert">
        {isReading ? text.loading : text.settingsFailed}
      </p>
      <button type="button" class="primary" onClick={retry}>
        {text.retry}
      </button>
    </section>
  );
}

/** Leaves for the issuer at once, unless the reader should know something first. */
function AtIssuer({ error }: { error: PulsoError }) {
  const text = t();
  const problem = signInProblem.value;
  const isRefused = isSignedIn() && !isDue();
  const mustAsk = problem !== undefined || isSignedOut.value || isRefused;
  const leave = async () => {
    isSignedOut.value = false;
    signInProblem.value = undefined;
    signInProblem.value = await leaveToSignIn();
  };
  useEffect(() => {
    if (!mustAsk) void leave();
  }, []);
  return (
    <section class="sign-in">
      <h1>{text.signIn}</h1>
      {mustAsk ? (
        <p
          class={problem || isRefused ? "refusal" : ""}
          role={problem || isRefused ? "alert" : "status"}
          title={error.detail}
        >
          {problem ? explained(problem) : isRefused ? text.signInRefused : text.signedOut}
        </p>
      ) : (
        <p class="muted" role="status">
          {text.goingToSignIn}
        </p>
      )}
      <button type="button" class="primary" onClick={() => void leave()}>
        {text.signIn}
      </button>
    </section>
  );
}

function explained(problem: SignInProblem): string {
  const texts = t().signInProblem;
  return problem.kind === "failed" ? texts.failed(problem.code) : texts[problem.kind];
}

/** Asks for a token; under ./run the tokens of the demo's people can be picked. */
function WithToken({ error }: { error: PulsoError }) {
  const token = useSignal("");
  const isBroken = useSignal(false);
  const people = useSignal<Record<string, string>>({});
  const text = t();
  useEffect(() => {
    const leaving = new AbortController();
    void demoPeople(leaving.signal).then((found) => {
      people.value = found;
    });
    return () => leaving.abort();
  }, []);
  const names = Object.keys(people.value);
  return (
    <form
      class="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.value.trim() !== "") isBroken.value = !signIn(token.value);
      }}
    >
      <h1>{text.signIn}</h1>
      <p class={isBroken.value || isSignedIn() ? "refusal" : ""} role="alert" title={error.detail}>
        {isBroken.value ? text.tokenBroken : isSignedIn() ? text.tokenRefused : text.signInFirst}
      </p>
      <label class="field">
        <span>{text.token}</span>
        <input
          type="password"
          autocomplete="off"
          spellcheck={false}
          aria-describedby="token-hint"
          value={token.value}
          onInput={(event) => (token.value = event.currentTarget.value)}
        />
      </label>
      <p class="muted" id="token-hint">
        {text.tokenHint}
      </p>
      <button type="submit" class="primary">
        {text.signIn}
      </button>
      {names.length > 0 && (
        <fieldset>
          <legend>{text.demoPeople}</legend>
          {names.map((name) => (
            <button key={name} type="button" onClick={() => signIn(people.value[name] ?? "")}>
              {name}
            </button>
          ))}
        </fieldset>
      )}
    </form>
  );
}

/** Tokens by name. Only ./run --auth has any; elsewhere there is nothing to pick. */
async function demoPeople(signal: AbortSignal): Promise<Record<string, string>> {
  try {
    const answer = await fetch("/demo/tokens", { signal });
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    return answer.ok && isJson ? await answer.json() : {};
  } catch {
    // Then a token has to be pasted.
    return {};
  }
}
