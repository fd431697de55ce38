import { now } from "../clock";
import { ago, dateTime, utc } from "../format";
import { client } from "../session";

/** A moment in the reader's zone; UTC on hover. */
export const Moment = ({ at }: { at: string | null }) =>
  at === null ? (
    <span class="muted">–</span>
  ) : (
    <time dateTime={at} title={utc(at)}>
      {dateTime(at)}
    </time>
  );

/** How long ago a moment was; UTC on hover. A number is by this machine's clock, a text by the API's. */
export function Ago({ at }: { at: string | number }) {
  const moment = typeof at === "string" ? at : new Date(at + client.clockOffsetMs).toISOString();
  return (
    <time dateTime={moment} title={utc(moment)}>
      {ago(moment, now.value)}
    </time>
  );
}
