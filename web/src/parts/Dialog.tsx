import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../text";
import { Icon } from "./Icon";

interface Props {
  title: string;
  children: ComponentChildren;
  /** Whether it waits for an answer, which the reader should see. */
  isBusy?: boolean;
  onClose(): void;
}

/** A modal dialog. The browser keeps the focus inside and gives it back; Esc closes it, unless it is busy. */
export function Dialog({ title, children, isBusy = false, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        if (!isBusy) onClose();
      }}
      onClose={() => {
        // A browser asks once only: at a second Esc or "back" it closes the dialog.
        if (isBusy) dialog.current?.showModal();
        else if (dialog.current) onClose();
      }}
    >
      <header>
        <h2 id={titleId}>{title}</h2>
        <button
          type="button"
          class="quiet only-icon"
          aria-label={t().close}
          title={t().close}
          disabled={isBusy}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
