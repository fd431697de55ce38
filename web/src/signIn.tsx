import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PulsoError } from "pulso-client";
import { leaveToSignIn, type SignInProblem, signInConfig } from "./issuer";
import { useTitle } from "./parts/useTitle";
import { isDue, isSignedIn, isSignedOut, signIn, signInProblem } from "./session";
import { t } from "./text";

/** Signs in at the issuer; asks for a token where none is configured, as under ./run. */
export function SignIn({ error }: { error: PulsoError }) {
  const hasIssuer = useSignal<boolean | undefined>(undefined);
  useTitle(t().signIn);
  useEffect(() => {
    signInConfig().then(
      (config) => (hasIssuer.value = config !== undefined),
      () => (hasIssuer.value = false),
    );
  }, []);
  if (hasIssuer.value === undefined) return null;
  return hasIssuer.value ? <AtIssuer error={error} /> : <WithToken error={error} />;
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
        if (token.value.trim() !== "") signIn(token.value);
      }}
    >
      <h1>{text.signIn}</h1>
      <p role="alert" title={error.detail}>
        {isSignedIn() ? text.tokenRefused : text.signInFirst}
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
