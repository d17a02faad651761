// Who is here, how the page looks, which keys there are.
import { t, word } from "../i18n";
import { choose, type Prefs, prefs } from "../lib/prefs";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { logOut } from "../login/actions";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";

const keys = [
  ["/", "keys.search"],
  ["j k", "keys.move"],
  ["Enter", "keys.enter"],
  ["a r", "keys.decide"],
  ["[ ]", "keys.neighbour"],
  ["t", "keys.table"],
  ["Ctrl Enter", "keys.sign"],
  ["Esc", "keys.back"],
  ["?", "keys.help"],
] as const;

export function Menu({ close }: { close: () => void }) {
  const who = useStore(session);
  return (
    <Dialog class="sheet menu" labelledBy="menu-title" close={close}>
      <div class="sheet-head sheet-head-plain">
        <div>
          <h2 id="menu-title">{who?.name}</h2>
          <p class="small muted">{who?.roles.map((role) => word("role", role)).join(", ")}</p>
        </div>
        <button class="btn btn-quiet" type="button" onClick={close}>
          <span class="hide">{t("close")}</span>
          <Icon name="cross" />
          <kbd>Esc</kbd>
        </button>
      </div>
      <div class="sheet-body">
        <Looks />
        <section class="stack-s" aria-labelledby="menu-keys">
          <h3 class="label" id="menu-keys">
            {t("menu.keys")}
          </h3>
          <dl class="keys">
            {keys.map(([key, what]) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd>{t(what)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <div class="sheet-foot">
        <div class="btn-row">
          <button class="btn" type="button" onClick={() => void logOut()}>
            <Icon name="lock" />
            {t("logout")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function Looks() {
  const chosen = useStore(prefs);
  return (
    <>
      <Choice name="theme" values={["auto", "light", "dark"]} chosen={chosen} />
      <Choice name="contrast" values={["auto", "more"]} chosen={chosen} />
      <Choice name="language" values={["en", "de"]} chosen={chosen} />
      <label class="choice">
        <input
          type="checkbox"
          checked={chosen.singleKeys}
          onChange={(event) => choose({ singleKeys: event.currentTarget.checked })}
        />
        {t("menu.singleKeys")}
      </label>
    </>
  );
}

interface ChoiceProps<K extends keyof Prefs> {
  name: K;
  values: Prefs[K][];
  chosen: Prefs;
}

function Choice<K extends "theme" | "contrast" | "language">(props: ChoiceProps<K>) {
  const { name, values, chosen } = props;
  return (
    <fieldset class="stack-s">
      <legend class="label">{word("menu", name)}</legend>
      <div class="meanings">
        {values.map((value) => (
          <label class="choice" key={value}>
            <input
              type="radio"
              name={name}
              checked={chosen[name] === value}
              onChange={() => choose({ [name]: value })}
            />
            {word(`menu.${name}`, value)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
