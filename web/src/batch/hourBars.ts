import type { HourlyStats } from "pulso-client";

export const HEIGHT = 96;

export interface HourBar {
  /** When the hour began, in UTC. */
  at: string;
  calls: number;
  rate: number;
  /** Of all calls, and of those with success. */
  height: number;
  good: number;
}

/** A round number at or above the most calls of an hour. */
export function scaleOf(hours: readonly HourlyStats[]): number {
  const most = Math.max(1, ...hours.map((hour) => hour.total_calls));
  const power = 10 ** Math.floor(Math.log10(most));
  return (
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
      .map((step) => Math.ceil(step * power))
      .find((step) => step >= most) ?? most
  );
}

/** Bars from left to right: oldest first. */
export const bars = (hours: readonly HourlyStats[], top: number): HourBar[] =>
  hours
    .map((hour) => ({
      at: `${hour.date}T${String(hour.hour).padStart(2, "0")}:00:00Z`,
      calls: hour.total_calls,
      rate: hour.success_rate,
      height: (hour.total_calls / top) * HEIGHT,
      good: (hour.successful_calls / top) * HEIGHT,
    }))
    .reverse();
