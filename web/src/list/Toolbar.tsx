import { useEffect, useRef } from "preact/hooks";
import { AccountPicker } from "../accounts";
import { Icon } from "../parts/Icon";
import { go, place, urlWith } from "../route";
import { t } from "../text";
import { type Filters, SORTS, STATES, type StateName } from "./filters";

const TYPING_MS = 250;

export function Toolbar({ filters }: { filters: Filters }) {
  const text = t();
  return (
    <search class="toolbar">
      <Search q={filters.q} />
      <AccountPicker />
      <label class="field">
        <span class="unseen">{text.sort}</span>
        <select
          value={filters.sort}
          onChange={(event) => {
            const sort = event.currentTarget.value;
            go(urlWith({ sort: sort === SORTS[0] ? "" : sort }));
          }}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {text.sorts[sort]}
            </option>
          ))}
        </select>
      </label>
      <StateFilter chosen={filters.status} />
    </search>
  );
}

function StateFilter({ chosen }: { chosen: readonly StateName[] }) {
  const text = t();
  const choose = (status: readonly StateName[]) => go(urlWith({ status: status.join(",") }));
  const toggled = (state: StateName) =>
    STATES.filter((one) => (one === state) !== chosen.includes(one));
  return (
    <fieldset class="chips">
      <legend class="unseen">{text.stateFilter}</legend>
      <button type="button" aria-pressed={chosen.length === 0} onClick={() => choose([])}>
        {text.anyState}
      </button>
      {STATES.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={chosen.includes(state)}
          onClick={() => choose(toggled(state))}
        >
          {text.states[state]}
        </button>
      ))}
    </fieldset>
  );
}

/** Searches while the reader types. The first letter is a step of the history, the others are not. */
function Search({ q }: { q: string }) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    // The URL changed otherwise, as by the back button.
    if (input.current && timer.current === undefined) input.current.value = q;
  }, [q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const apply = () => {
    timer.current = undefined;
    const next = input.current?.value ?? "";
    const before = place.peek().query.get("q") ?? "";
    if (next !== before) go(urlWith({ q: next }), { replace: before !== "" });
  };
  return (
    <label class="search">
      <Icon name="search" />
      <span class="unseen">{t().search}</span>
      <input
        ref={input}
        type="search"
        maxLength={100}
        placeholder={t().searchShort}
        defaultValue={q}
        onInput={() => {
          clearTimeout(timer.current);
          timer.current = setTimeout(apply, TYPING_MS);
        }}
      />
      <span class="key keys-only" aria-hidden="true">
        /
      </span>
    </label>
  );
}
