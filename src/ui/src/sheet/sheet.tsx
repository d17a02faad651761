// The decision sheet: what is decided, why, and who signs which revision.
import { useEffect, useRef, useState } from "preact/hooks";
import { live } from "../api/live";
import type { TaskDetail } from "../api/types";
import { t } from "../i18n";
import { diffTask } from "../lib/diff";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { Dialog } from "../parts/dialog";
import { Glyph } from "../parts/glyph";
import { Icon } from "../parts/icons";
import { Key } from "../parts/key";
import { Title } from "../parts/title";
import type { Verb } from "../task/actions";
import { ChangeList } from "../task/changes";
import { shortId } from "../task/head";
import { Reason, Signature, Summary, Verbs } from "./fields";
import { Outcome } from "./outcome";
import { type Deciding, useDecide } from "./use-decide";

interface SheetProps {
  /** The revision that was read: this one is signed. */
  task: TaskDetail;
  /** A newer one, while it has not been read. */
  newer: TaskDetail | null;
  read: () => void;
  verb: Verb;
  close: () => void;
}

export function DecisionSheet({ task, newer, read, verb, close }: SheetProps) {
  const who = useStore(session);
  const deciding = useDecide(who?.user ?? "", task.id, verb);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const offline = useStore(live).status === "offline";
  const busy = deciding.phase.name === "signing";
  const closed = (newer ?? task).state !== "PROPOSED";
  const blocked = busy || offline || newer !== null || closed;

  async function submit(event?: Event): Promise<void> {
    event?.preventDefault();
    if (blocked) return;
    const lacking = lacks(deciding);
    setTried(true);
    if (lacking) {
      form.current?.querySelector<HTMLElement>(`[name=${lacking}]`)?.focus();
      return;
    }
    if (await deciding.sign(task)) close();
  }

  function readAgain(): void {
    read();
    deciding.write({});
    // The button that was pressed is gone; the focus stays in the sheet.
    form.current?.querySelector<HTMLElement>(".sheet-body")?.focus();
  }

  // Wherever the focus is; a bare Enter in a field must never sign.
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key !== "Enter") return;
      if (event.ctrlKey || event.metaKey) void submit(event);
      else if (event.target instanceof HTMLInputElement) event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  return (
    <Dialog class="sheet" labelledBy="sheet-title" close={close}>
      <form ref={form} onSubmit={submit}>
        <SheetHead task={task} changed={newer !== null} close={close} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
        <section class="sheet-body" tabIndex={0} aria-label={t("sheet.body")}>
          <Verbs task={task} deciding={deciding} />
          <Changed task={task} newer={newer} read={readAgain} />
          {!newer && <Outcome phase={deciding.phase} task={task} />}
          <Summary task={task} verb={deciding.draft.verb} />
          <Reason deciding={deciding} missing={tried ? lacks(deciding) : ""} />
          {who && <Signature task={task} who={who} deciding={deciding} />}
        </section>
        <SheetFoot verb={deciding.draft.verb} busy={busy} blocked={blocked} close={close} />
      </form>
    </Dialog>
  );
}

function lacks({ draft }: Deciding): "" | "reason" | "comment" {
  if (draft.verb === "approve") return "";
  if (draft.reasonCode === "") return "reason";
  return draft.reasonCode === "OTHER" && draft.comment.trim() === "" ? "comment" : "";
}

function Changed({ task, newer, read }: Pick<SheetProps, "task" | "newer" | "read">) {
  if (!newer) return null;
  return (
    <section class="sign" role="status" aria-labelledby="sheet-changed">
      <h3 id="sheet-changed">{t("changed.title")}</h3>
      <ChangeList changes={diffTask(task, newer)} task={newer} />
      <p class="small">{t("changed.draft")}</p>
      <button class="btn" type="button" onClick={read}>
        <Icon name="eye" />
        {t("changed.read", { n: newer.revision })}
      </button>
    </section>
  );
}

interface HeadProps {
  task: TaskDetail;
  changed: boolean;
  close: () => void;
}

function SheetHead({ task, changed, close }: HeadProps) {
  const revision = t("task.revision", { id: shortId(task.id), revision: task.revision });
  return (
    <div class="sheet-head">
      <Glyph priority={task.priority} />
      <div>
        <h2 id="sheet-title">
          <Title text={task.title} />
        </h2>
        <p class="small muted">
          {revision}, {t(changed ? "sheet.changed" : "sheet.unchanged")}
        </p>
      </div>
      <button class="btn btn-quiet" type="button" onClick={close}>
        <span class="hide">{t("sheet.close")}</span>
        <Icon name="cross" />
        <Key name="Esc" />
      </button>
    </div>
  );
}

interface FootProps {
  verb: Verb;
  busy: boolean;
  blocked: boolean;
  close: () => void;
}

function SheetFoot({ verb, busy, blocked, close }: FootProps) {
  return (
    <div class="sheet-foot">
      <div class="btn-row sheet-buttons">
        <button class="btn" type="button" onClick={close}>
          {t("sheet.keep")}
        </button>
        <button class="btn btn-strong" type="submit" disabled={blocked}>
          <Icon name="pen" />
          {busy ? t("sheet.signing") : t(`sheet.${verb}`)} <Key name="Ctrl Enter" />
        </button>
      </div>
    </div>
  );
}
