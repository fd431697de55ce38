import { now } from "../clock";
import { ago, dateTime, utc } from "../format";

/** A moment in the reader's zone; UTC on hover. */
export const Moment = ({ at }: { at: string | null }) =>
  at === null ? (
    <span class="muted">–</span>
  ) : (
    <time dateTime={at} title={utc(at)}>
      {dateTime(at)}
    </time>
  );

/** How long ago a moment was; UTC on hover. */
export const Ago = ({ at }: { at: string }) => (
  <time dateTime={at} title={utc(at)}>
    {ago(at, now.value)}
  </time>
);
