// Top bar: where, how fresh, what time it is in the plant, and who is here.
import { useState } from "preact/hooks";
import { live } from "../api/live";
import { t, word } from "../i18n";
import { useNow } from "../lib/clock";
import { initials } from "../lib/format";
import { useKeys } from "../lib/keys";
import { useFormat, usePlant } from "../lib/plant";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { logOut } from "../login/actions";
import { Icon, Mark } from "../parts/icons";
import { Menu } from "./menu";

const staleMs = 60_000;

export function Top({ focus }: { focus: boolean }) {
  const [menu, setMenu] = useState(false);
  const plant = usePlant().data;
  const who = useStore(session);
  useKeys({ "?": () => setMenu(true) });
  return (
    <header class="top">
      <a class="skip" href="#main">
        {t(focus ? "skip.task" : "skip.inbox")}
      </a>
      <a class="brand" href="/" aria-label={t("brand.home")}>
        <Mark />
        <span class="brand-name">Millwright</span>
      </a>
      <p class="site">
        <b>{plant?.site.name ?? ""}</b>
      </p>
      <span class="top-gap" />
      <LiveState />
      <Clock />
      {who && (
        <button class="user" type="button" aria-haspopup="dialog" onClick={() => setMenu(true)}>
          <span class="avatar" aria-hidden="true">
            {initials(who.name)}
          </span>
          <span class="user-name">
            <b>{who.name}</b> <span>{word("role", who.roles[0] ?? "")}</span>
          </span>
          <span class="hide">, {t("menu.open")}</span>
        </button>
      )}
      <button class="lock" type="button" onClick={() => void logOut()}>
        <Icon name="lock" />
        <span class="hide">{t("lock")}</span>
      </button>
      {menu && <Menu close={() => setMenu(false)} />}
    </header>
  );
}

/** Live, and how old the plant's last word is; both go stale visibly. */
function LiveState() {
  const { status, lastEventAt, since } = useStore(live);
  const read = usePlant().data?.lastEventAt ?? null;
  const format = useFormat();
  const now = useNow(1_000);
  if (status === "offline") {
    return (
      <p class="live live-off">
        <Icon name="offline" size="s" />
        <b>{t("live.offline")}</b> {format.age(Date.now() - (since ?? Date.now()))}
      </p>
    );
  }
  const last = lastEventAt ?? read;
  const age = last === null ? null : now - Date.parse(last);
  const stale = age === null || age > staleMs;
  return (
    <p class={stale ? "live live-off" : "live"}>
      {stale ? (
        <Icon name="clock" size="s" />
      ) : (
        <svg class="live-dot" viewBox="0 0 10 10" aria-hidden="true">
          <circle cx="5" cy="5" r="5" />
        </svg>
      )}
      <span>
        {t("live.live")}
        <span class="live-more">, {t("live.last")}</span>
      </span>{" "}
      <span class="live-age">{age === null ? t("none") : format.age(age)}</span>
    </p>
  );
}

function Clock() {
  const plant = usePlant().data;
  const format = useFormat();
  const now = useNow(1_000);
  if (!plant) return null;
  const shift = plant.shift ? `, ${t("clock.shift", { name: word("shift", plant.shift.id) })}` : "";
  return (
    <p class="clock">
      <b>{format.clock(now)}</b>
      <span>
        {format.dayName(now)}
        {shift}, {format.offset(now)}
      </span>
    </p>
  );
}
