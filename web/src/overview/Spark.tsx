import { t } from "../text";

const WIDTH = 120;
const HEIGHT = 32;
const PAD = 2;

/** The points of a line through these values, from the left edge to the right one. */
export function linePoints(values: readonly number[]): string {
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const y = (value: number) =>
    range === 0 ? HEIGHT / 2 : HEIGHT - PAD - ((value - low) / range) * (HEIGHT - 2 * PAD);
  const step = WIDTH / Math.max(values.length - 1, 1);
  return values.map((value, i) => `${round(i * step)},${round(y(value))}`).join(" ");
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The last values. A single value has no line yet. */
export function Spark({ values, label }: { values: readonly number[]; label: string }) {
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t().lastValues(label, values.length)}
    >
      <line x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {values.length > 1 && <polyline points={linePoints(values)} />}
    </svg>
  );
}
