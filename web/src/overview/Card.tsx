import { change } from "../format";
import { t } from "../text";
import { Spark } from "./Spark";

interface Props {
  label: string;
  /** The newest value as text; undefined while nothing is known. */
  value: string | undefined;
  detail: string | undefined;
  values: readonly number[];
  digits?: number;
}

/** One figure: what it is now, how it changed, and the line of its last values. */
export function Card({ label, value, detail, values, digits = 0 }: Props) {
  const [before, latest] = [values.at(-2), values.at(-1)];
  const scale = 10 ** digits;
  const difference =
    before === undefined || latest === undefined
      ? 0
      : Math.round((latest - before) * scale) / scale;
  return (
    <section class="card" aria-busy={value === undefined}>
      <h2>{label}</h2>
      <p>
        <span class="large">{value ?? <span class="skeleton" />}</span>
        {difference !== 0 && (
          <span class="change" title={t().sinceLast}>
            {change(difference, digits)}
          </span>
        )}
      </p>
      <p class="muted">{detail ?? "\u00a0"}</p>
      <Spark values={values} label={label} />
    </section>
  );
}
