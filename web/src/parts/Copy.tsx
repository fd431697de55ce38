import { announce } from "../announce";
import { t } from "../text";
import { Icon, type IconName } from "./Icon";

/** Copies a text, and says so to who can't see it. */
export function Copy({
  text,
  label,
  icon = "copy",
}: {
  text: string;
  label: string;
  icon?: IconName;
}) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      announce(t().copied);
    } catch {
      // The browser refuses a page that is not in front, or not secure.
      announce(t().notCopied);
    }
  };
  return (
    <button type="button" class="quiet only-icon" title={label} aria-label={label} onClick={copy}>
      <Icon name={icon} />
    </button>
  );
}
