import { useEffect, useRef } from "preact/hooks";
import { notePaces } from "../pace";
import { client, noteError } from "../session";
import { t } from "../text";
import { asked, type Filters } from "./filters";
import { PAGE_SIZE, type Pages } from "./pages";
import { Row } from "./Row";

interface Props {
  pages: Pages;
  index: number;
  filters: Filters;
  isHeld: boolean;
  /** Whether something else stands in the place of the list. */
  isFlat: boolean;
}

/** One page of the list. It is drawn, and read, only near to what the reader sees. */
export function PageView({ pages, index, filters, isHeld, isFlat }: Props) {
  const page = pages.list.value[index];
  const element = useRef<HTMLDivElement>(null);
  const isNear = page?.isNear ?? false;
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([seen]) => pages.near(index, seen?.isIntersecting ?? false),
      { rootMargin: "600px 0px" },
    );
    if (element.current) observer.observe(element.current);
    return () => {
      observer.disconnect();
      pages.near(index, false);
    };
  }, [pages]);
  const cursor = page?.cursor;
  useEffect(() => {
    if (!isNear || cursor === undefined) return;
    if (isHeld && pages.list.peek()[index]?.rows) return;
    const watch = client.watchBatches({
      ...asked(filters),
      limit: PAGE_SIZE,
      ...(cursor === "" ? {} : { cursor }),
      onUpdate: ({ batches, next }) => {
        notePaces(batches);
        pages.answered(index, batches, next);
        if (isHeld) watch.stop();
      },
      onError: (error) => {
        noteError(error);
        pages.failed(index, error);
      },
    });
    return () => watch.stop();
  }, [pages, cursor, isNear, isHeld]);
  if (!page) return null;
  const { rows, size } = page;
  return (
    <div
      ref={element}
      class="page"
      style={{ minHeight: isFlat ? "1px" : `calc(${size} * var(--row-height))` }}
    >
      {isNear && rows && (
        <ul aria-label={t().page(index + 1)}>
          {rows.map((batch) => (
            <Row key={batch._id} batch={batch} />
          ))}
        </ul>
      )}
    </div>
  );
}
