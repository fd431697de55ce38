import { count } from "../format";
import { type Counted, parts } from "../jobs";
import { t } from "../text";

/** The jobs of a batch in six segments. The same as text is the label. */
export function Bar({ jobs }: { jobs: Counted }) {
  const total = Math.max(jobs.total_jobs, 1);
  let start = 0;
  return (
    <svg class="bar" role="img" aria-label={partsText(jobs)}>
      {parts(jobs).map(({ part, jobs: number }) => {
        const x = start;
        const width = (number / total) * 100;
        start += width;
        return number === 0 ? null : (
          <rect key={part} class={`part-${part}`} x={`${x}%`} width={`${width}%`} height="100%" />
        );
      })}
    </svg>
  );
}

/** "580 completed · 20 failed": what there is, most first, so that the end can be cut off. */
export function partsText(jobs: Counted, format = count): string {
  const some = parts(jobs)
    .filter(({ jobs: number }) => number > 0)
    .sort((one, other) => other.jobs - one.jobs);
  if (some.length === 0) return t().noJobs;
  return some
    .map(({ part, jobs: number }) => {
      const words = number === 1 ? t().partOne : t().part;
      return `${format(number)} ${words[part]}`;
    })
    .join(" · ");
}
