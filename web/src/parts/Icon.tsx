/** One set: 16 px, 1.5 px lines, round ends. */
const PATHS = {
  back: "M10 3 5 8l5 5",
  copy: "M5.5 5.5V3a.5.5 0 0 1 .5-.5h7a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5h-2.5M3 5.5h7a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5V6a.5.5 0 0 1 .5-.5Z",
  download: "M8 2.5v8m0 0 3-3m-3 3-3-3M2.5 13.5h11",
  help: "M6 6.2A2 2 0 1 1 8.6 8c-.4.2-.6.5-.6 1v.3M8 11.9v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z",
  hold: "M5.5 3v10M10.5 3v10",
  link: "M6.5 9.5 9.5 6.5M7 4.5l1.3-1.3a2.6 2.6 0 0 1 3.7 0l.8.8a2.6 2.6 0 0 1 0 3.7L11.5 9M4.5 7 3.2 8.3a2.6 2.6 0 0 0 0 3.7l.8.8a2.6 2.6 0 0 0 3.7 0L9 11.5",
  live: "m4.5 2.8 8 5.2-8 5.2Z",
  moon: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z",
  search: "M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0Zm2 6.5-3.2-3.2",
  stop: "M3.5 3.5h9v9h-9Z",
  sun: "M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z",
  warning:
    "M8 6.2v3M8 11.4v.1M7.1 2.8 1.9 11.9a1 1 0 0 0 .9 1.6h10.4a1 1 0 0 0 .9-1.6L8.9 2.8a1 1 0 0 0-1.8 0Z",
  close: "m4 4 8 8M12 4l-8 8",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: the words beside it, or its button's label, say what it means. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
