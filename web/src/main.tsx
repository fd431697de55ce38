import { effect } from "@preact/signals";
import { render } from "preact";
import { followAccounts } from "./accounts";
import { App } from "./app";
import { keepFocus } from "./focus";
import { followKeys } from "./keys";
import { forgetPages, forgetShape } from "./list/kept";
import { clearSelection } from "./list/selection";
import { forgetTrails } from "./overview/trail";
import { applyPreferences } from "./preferences";
import { followLinks, forgetList } from "./route";
import { finishSignIn, isSignedOut, reader } from "./session";
import "./style/tokens.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/parts.css";
import "./style/list.css";
import "./style/batch.css";
import "./style/dialog.css";

applyPreferences();
await finishSignIn();
followLinks();
followKeys();
keepFocus();
followAccounts();
const firstReader = reader.peek();
effect(() => {
  if (reader.value !== firstReader) {
    forgetPages();
    forgetList();
    forgetTrails();
    clearSelection();
  }
});
effect(() => {
  if (isSignedOut.value) forgetShape();
});
const app = document.querySelector("#app");
if (app) render(<App />, app);
