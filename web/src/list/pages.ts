import { computed, signal } from "@preact/signals";
import type { BatchRow, PulsoError } from "pulso-client";
import type { Watched } from "../watched";

/** One page of the list. */
export interface Page {
  /** Where it begins; empty for the first one. */
  cursor: string;
  /** Undefined until it was read. */
  rows: readonly BatchRow[] | undefined;
  /** How many rows it has, or most likely has: so tall is it while it is not drawn. */
  size: number;
  /** When its rows came, by this machine's clock. */
  at: number;
  /** Why it could not be read the last time; undefined if it could. */
  error: PulsoError | undefined;
  /** Whether it is drawn, and watched. */
  isNear: boolean;
}

export const PAGE_SIZE = 100;

/**
 * The pages of one list that were reached so far. Each begins where the one before it ends now, so no
 * batch is lost between two of them when new ones push others down.
 */
export class Pages {
  readonly list = signal<readonly Page[]>([]);
  /** What is known of the pages that are drawn: the age of the oldest one, and any failure. */
  readonly watched = computed<Watched<true>>(() => {
    const known = this.list.value.filter((page) => page.rows !== undefined);
    const near = this.list.value.filter((page) => page.isNear);
    const drawn = near.filter((page) => page.rows !== undefined);
    // Until a page is read nothing is drawn, and any failure is why.
    const { error } = (known.length > 0 ? near : this.list.value).find((page) => page.error) ?? {};
    return {
      data: known.length > 0 ? true : undefined,
      error,
      at: Math.min(...(drawn.length > 0 ? drawn : known).map((page) => page.at)),
    };
  });

  constructor(shape: readonly Shape[] = [{ cursor: "", size: PAGE_SIZE }]) {
    this.list.value = shape.map(unread);
  }

  /** Notes whether a page is drawn. */
  near(index: number, isNear: boolean): void {
    this.#change(index, { isNear });
  }

  /** Notes an answer to a page, and where the next one begins, if there is one. */
  answered(index: number, rows: readonly BatchRow[], next: string | undefined): void {
    this.#change(index, { rows, size: rows.length, at: Date.now(), error: undefined });
    const before = this.list.peek();
    const following = before[index + 1];
    const after = before.slice(0, index + 1);
    if (next !== undefined) {
      if (following) after.push({ ...following, cursor: next }, ...before.slice(index + 2));
      else after.push(unread({ cursor: next, size: PAGE_SIZE }));
    }
    this.list.value = after;
  }

  failed(index: number, error: PulsoError): void {
    // A cursor from before a change of the server: begin again.
    if (error.code === "INVALID_PARAMETER" && index > 0)
      this.list.value = this.list.peek().slice(0, index);
    else this.#change(index, { error });
  }

  #change(index: number, changes: Partial<Page>): void {
    this.list.value = this.list
      .peek()
      .map((page, i) => (i === index ? { ...page, ...changes } : page));
  }

  /** Where the pages begin and how tall they are, without what is in them. */
  shape(): Shape[] {
    return this.list.peek().map(({ cursor, size }) => ({ cursor, size }));
  }

  /** Rows that are known, and whether there are more. */
  counted(): { rows: number; hasMore: boolean } {
    const known = this.list.value.filter((page) => page.rows !== undefined);
    return {
      rows: known.reduce((sum, page) => sum + page.size, 0),
      hasMore: known.length < this.list.value.length,
    };
  }
}

const unread = ({ cursor, size }: Shape): Page => ({
  cursor,
  size,
  rows: undefined,
  at: 0,
  error: undefined,
  isNear: false,
});

export interface Shape {
  cursor: string;
  size: number;
}
