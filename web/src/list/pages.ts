import { signal } from "@preact/signals";
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
}

export const PAGE_SIZE = 100;

/**
 * The pages of one list that were reached so far. Each begins where the one before it ends now, so no
 * batch is lost between two of them when new ones push others down.
 */
export class Pages {
  readonly list = signal<readonly Page[]>([]);
  /** What is known of the list as a whole: the last answer to any page. */
  readonly watched = signal<Watched<true>>({ data: undefined, error: undefined, at: 0 });

  constructor(shape: readonly Shape[] = [{ cursor: "", size: PAGE_SIZE }]) {
    this.list.value = shape.map(({ cursor, size }) => ({ cursor, size, rows: undefined }));
  }

  /** Notes an answer to a page, and where the next one begins, if there is one. */
  answered(index: number, rows: readonly BatchRow[], next: string | undefined): void {
    this.watched.value = { data: true, error: undefined, at: Date.now() };
    const before = this.list.peek();
    const following = before[index + 1];
    const after = before
      .slice(0, index + 1)
      .map((page, i) => (i === index ? { ...page, rows, size: rows.length } : page));
    if (next !== undefined) {
      if (following) after.push({ ...following, cursor: next }, ...before.slice(index + 2));
      else after.push({ cursor: next, rows: undefined, size: PAGE_SIZE });
    }
    this.list.value = after;
  }

  failed(index: number, error: PulsoError): void {
    // A cursor from before a change of the server: begin again.
    if (error.status === 400 && index > 0) this.list.value = this.list.peek().slice(0, index);
    else this.watched.value = { ...this.watched.peek(), error };
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

export interface Shape {
  cursor: string;
  size: number;
}
