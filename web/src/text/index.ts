import { type Language, language } from "../preferences";
import { en } from "./en";
import { es } from "./es";

export type Texts = typeof es;

const catalogues: Record<Language, Texts> = { es, en };

/** The texts in the reader's language. */
export const t = (): Texts => catalogues[language.value];
