import { chosenAccount } from "./accounts";
import { isHelpOpen } from "./help";
import { Icon } from "./parts/Icon";
import { chooseLanguage, chooseTheme, isDark, language } from "./preferences";
import { batchesUrl, route } from "./route";
import { isSignedIn, signOut } from "./session";
import { t } from "./text";

export function Header() {
  const text = t();
  const { view } = route.value;
  const account = chosenAccount();
  const overviewUrl = account === "" ? "/" : `/?account_id=${encodeURIComponent(account)}`;
  const current = (is: boolean) => (is ? ("page" as const) : undefined);
  return (
    <header class="top">
      <a class="brand" href={overviewUrl} aria-label="Pulso">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M5 17h5l3-8 6 14 3-6h5" />
        </svg>
        <span>Pulso</span>
      </a>
      <nav aria-label={text.mainMenu}>
        <a href={overviewUrl} aria-current={current(view === "overview")}>
          {text.overview}
        </a>
        <a
          href={batchesUrl({ account_id: account })}
          aria-current={current(view === "batches" || view === "batch")}
        >
          {text.batches}
        </a>
      </nav>
      <div class="tools">
        <LanguageButton />
        <ThemeButton />
        <button
          type="button"
          class="quiet only-icon keys-only"
          title={text.keyboardHelp}
          aria-label={text.keyboardHelp}
          onClick={() => (isHelpOpen.value = true)}
        >
          <Icon name="help" />
        </button>
        {isSignedIn() && (
          <button type="button" class="quiet" onClick={() => void signOut()}>
            {text.signOut}
          </button>
        )}
      </div>
    </header>
  );
}

function ThemeButton() {
  const dark = isDark();
  const label = dark ? t().lightTheme : t().darkTheme;
  return (
    <button
      type="button"
      class="quiet only-icon"
      title={label}
      aria-label={label}
      onClick={() => chooseTheme(dark ? "light" : "dark")}
    >
      <Icon name={dark ? "sun" : "moon"} />
    </button>
  );
}

function LanguageButton() {
  const other = language.value === "es" ? "en" : "es";
  return (
    <button
      type="button"
      class="quiet only-icon"
      lang={other}
      title={t().switchLanguage}
      aria-label={`${other.toUpperCase()}, ${t().switchLanguage}`}
      onClick={() => chooseLanguage(other)}
    >
      {other.toUpperCase()}
    </button>
  );
}
