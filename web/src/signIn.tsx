import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PulsoError } from "pulso-client";
import { useTitle } from "./parts/useTitle";
import { isSignedIn, signIn } from "./session";
import { t } from "./text";

/** Asks for a token; under ./run the tokens of the demo's people can be picked. */
export function SignIn({ error }: { error: PulsoError }) {
  const token = useSignal("");
  const people = useSignal<Record<string, string>>({});
  const text = t();
  useTitle(text.signIn);
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
