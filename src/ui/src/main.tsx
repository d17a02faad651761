import { render } from "preact";
import { App } from "./app";
import { speak } from "./i18n";
import { prefs, showPrefs } from "./lib/prefs";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/more.css";

function follow(): void {
  showPrefs(prefs.get());
  void speak(prefs.get().language);
}

prefs.follow(follow);
showPrefs(prefs.get());
const root = document.getElementById("root");
void speak(prefs.get().language).finally(() => {
  if (root) render(<App />, root);
});
