import { language } from "./preferences";

/** The reader's own variant of the page's language, such as `es-CL`. */
export function locale(): string {
  const own = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language.value));
  return own ?? language.value;
}

const made = new Map<string, unknown>();

/** Formatters are costly to make, and the same few are used for every row. */
function once<T>(key: string, make: (locale: string) => T): T {
  const tag = locale();
  const full = `${tag} ${key}`;
  if (!made.has(full)) made.set(full, make(tag));
  return made.get(full) as T;
}

export const count = (value: number): string =>
  once("count", (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0 })).format(value);

/** A million and more in three digits, for where there is no room: 1.24 M. */
export const shortCount = (value: number): string =>
  value < 1_000_000
    ? count(value)
    : once(
        "short",
        (tag) => new Intl.NumberFormat(tag, { notation: "compact", maximumSignificantDigits: 3 }),
      ).format(value);

/** With two decimals: cost and minutes. */
export const amount = (value: number): string =>
  once(
    "amount",
    (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  ).format(value);

/** Cost where there is no room. */
export const shortAmount = (value: number): string =>
  value < 1_000_000 ? amount(value) : shortCount(value);

/**
 * 12.345 becomes 12.3 %, and 57 becomes 57.0 %, so that a figure that moves keeps its width. Nothing is
 * rounded up to 100, nor down to 0.
 */
export function percent(value: number, digits = 1): string {
  const scale = 10 ** digits;
  const isPart = value > 0 && value < 100;
  const rounded = Math.round(value * scale) / scale;
  const shown = isPart ? Math.max(1 / scale, Math.min(rounded, 100 - 1 / scale)) : value;
  const fraction = {
    minimumFractionDigits: isPart ? digits : 0,
    maximumFractionDigits: digits,
  };
  return once(
    `percent${digits}${isPart}`,
    (tag) => new Intl.NumberFormat(tag, { style: "percent", ...fraction }),
  ).format(shown / 100);
}

/** A change, with its sign. */
export const change = (value: number, digits = 0): string =>
  once(
    `change${digits}`,
    (tag) =>
      new Intl.NumberFormat(tag, {
        signDisplay: "exceptZero",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  ).format(value);

export const dateTime = (moment: string | number): string =>
  once(
    "dateTime",
    (tag) => new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }),
  ).format(new Date(moment));

/** The hour of a moment, 0 to 23. */
export const hourOfDay = (moment: string | number): string =>
  once("hour", (tag) => new Intl.DateTimeFormat(tag, { hour: "numeric", hourCycle: "h23" })).format(
    new Date(moment),
  );

/** The day of a moment, where its year is clear: 26 Nov. */
export const day = (moment: string): string =>
  once("day", (tag) => new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" })).format(
    new Date(moment),
  );

/** The same moment in UTC, as the API says it, to the second. */
export const utc = (moment: string): string =>
  `${new Date(moment).toISOString().slice(0, 19).replace("T", " ")} UTC`;

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "12 min ago". What lies ahead, by a clock that differs, is now. */
export function ago(moment: string | number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - new Date(moment).getTime()) / 1000));
  const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? ["second", 1];
  return once(
    "ago",
    (tag) => new Intl.RelativeTimeFormat(tag, { style: "short", numeric: "auto" }),
  ).format(-Math.floor(seconds / size), unit);
}

/** Short days are "dd." in Spanish, which nobody says. */
const display = (unit: string) => (unit === "day" ? "long" : "short");

/** How long something has lasted: "12 min". */
export function lasted(from: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(from)) / 60_000));
  const [unit, size] = (
    [
      ["day", 1440],
      ["hour", 60],
      ["minute", 1],
    ] as const
  ).find(([, least]) => minutes >= least) ?? ["minute", 1];
  return once(
    `lasted ${unit}`,
    (tag) => new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: display(unit) }),
  ).format(Math.floor(minutes / size));
}

/** How long: from `low` to `high` minutes, in one unit. */
export function span(low: number, high: number): string {
  const [unit, size, digits] =
    high < 90
      ? (["minute", 1, 0] as const)
      : high < 48 * 60
        ? (["hour", 60, 1] as const)
        : (["day", 1440, 1] as const);
  const format = once(
    `span ${unit}`,
    (tag) =>
      new Intl.NumberFormat(tag, {
        style: "unit",
        unit,
        unitDisplay: display(unit),
        maximumFractionDigits: digits,
      }),
  );
  const floor = digits === 0 ? Math.max(1, low / size) : low / size;
  return format.formatRange(floor, Math.max(floor, high / size));
}
