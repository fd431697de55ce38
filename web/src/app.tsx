import { Announcements } from "./announce";
import { BatchView } from "./batch/BatchView";
import { useFocusOnView } from "./focus";
import { Header } from "./header";
import { Help, isHelpOpen } from "./help";
import { Batches } from "./list/Batches";
import { Overview } from "./overview/Overview";
import { route } from "./route";
import { unauthenticated } from "./session";
import { SignIn } from "./signIn";
import { t } from "./text";

export const App = () => (
  <>
    <a class="skip" href="#content">
      {t().skip}
    </a>
    <Header />
    <main id="content" tabIndex={-1}>
      {unauthenticated.value ? <SignIn error={unauthenticated.value} /> : <View />}
    </main>
    {isHelpOpen.value && <Help onClose={() => (isHelpOpen.value = false)} />}
    <Announcements />
  </>
);

function View() {
  const at = route.value;
  useFocusOnView();
  switch (at.view) {
    case "overview":
      return <Overview />;
    case "batches":
      return <Batches />;
    case "batch":
      return <BatchView key={at.id} id={at.id} />;
    case "nowhere":
      return (
        <section class="empty">
          <h1>{t().nowhere}</h1>
          <a href="/">{t().toOverview}</a>
        </section>
      );
  }
}
