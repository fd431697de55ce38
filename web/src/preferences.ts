import { effect, signal } from "@preact/signals";

export type Language = "es" | "en";
export type Theme = "system" | "light" | "dark";

const languages: readonly Language[] = ["es", "en"];
const themes: readonly Theme[] = ["system", "light", "dark"];

/** What the reader chose before, if this browser keeps it and it is still a choice. */
function kept<T extends string>(key: string, choices: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(key);
    return choices.find((choice) => choice === value);
  } catch {
    // Storage can be forbidden. The page works without.
    return undefined;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

/** The first language of the browser that the page knows; else Spanish. */
export function preferredLanguage(asked: readonly string[]): Language {
  for (const tag of asked) {
    const known = languages.find((language) => tag.toLowerCase().startsWith(language));
    if (known) return known;
  }
  return "es";
}

export const language = signal<Language>(
  kept("language", languages) ?? preferredLanguage(navigator.languages),
);
export const theme = signal<Theme>(kept("theme", themes) ?? "system");

export function chooseLanguage(choice: Language): void {
  language.value = choice;
  keep("language", choice);
}

export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  keep("theme", choice);
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(darkSystem.matches);
darkSystem.addEventListener("change", ({ matches }) => {
  isSystemDark.value = matches;
});

/** Whether the page is dark now. */
export const isDark = (): boolean =>
  theme.value === "dark" || (theme.value === "system" && isSystemDark.value);

/** Keeps the document in step with the choices. */
export function applyPreferences(): void {
  effect(() => {
    document.documentElement.lang = language.value;
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
}
