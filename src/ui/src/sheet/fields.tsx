// The parts of the decision sheet.
import type { Meaning, Session, TaskDetail } from "../api/types";
import { t, tn, word } from "../i18n";
import { useNow } from "../lib/clock";
import { useFormat, usePlant } from "../lib/plant";
import type { Verb } from "../task/actions";
import type { Deciding } from "./use-decide";

export function Verbs({ task, deciding }: { task: TaskDetail; deciding: Deciding }) {
  const verbs: Verb[] = ["reject", "approve"];
  return (
    <fieldset>
      <legend class="hide">{t("sheet.verb")}</legend>
      <div class="verbs verbs-2">
        {verbs.map((verb) => (
          <label class="choice choice-main" key={verb}>
            <input
              type="radio"
              name="verb"
              checked={deciding.draft.verb === verb}
              disabled={!task.allowed[verb].allowed}
              onChange={() => deciding.write({ verb })}
            />
            {t(`verb.${verb}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What is signed, in words. */
export function Summary({ task, verb }: { task: TaskDetail; verb: Verb }) {
  const format = useFormat();
  const { effects, approvals } = task;
  const said: string[] = [];
  if (effects.workOrder) {
    const { start, end, text } = effects.workOrder;
    said.push(start && end ? `${text}, ${format.span(start, end)}` : text);
  }
  if (effects.reservesParts && effects.parts.length > 0) {
    said.push(tn("effects.reserve", effects.parts.length));
  }
  if (effects.money) said.push(format.money(effects.money.total, effects.money.currency));
  if (said.length === 0) said.push(task.title);
  const last = approvals.have + 1 >= approvals.need;
  return (
    <dl class="pairs pairs-box">
      <dt>{t(verb === "approve" ? "sheet.you.approve" : "sheet.you.reject")}</dt>
      <dd>
        <b lang="en">{said.join("; ")}</b>
      </dd>
      <dt>{t("sheet.then")}</dt>
      <dd>{verb === "approve" ? approveThen(task, last) : t("sheet.then.reject")}</dd>
    </dl>
  );
}

function approveThen(task: TaskDetail, last: boolean): string {
  if (!last) return t("sheet.then.second");
  const { system } = task.effects;
  return system ? t("sheet.then.system", { system }) : t("sheet.then.here");
}

interface ReasonProps {
  deciding: Deciding;
  missing: "" | "reason" | "comment";
}

export function Reason({ deciding, missing }: ReasonProps) {
  const { draft, write } = deciding;
  const reject = draft.verb === "reject";
  return (
    <div class="stack">
      {reject && <ReasonCode deciding={deciding} missing={missing === "reason"} />}
      <div class="field">
        <label class="label" for="comment">
          {t("sheet.comment")}{" "}
          <span class="muted">
            {t(reject && draft.reasonCode === "OTHER" ? "sheet.needed" : "sheet.optional")}
          </span>
        </label>
        <textarea
          class={missing === "comment" ? "input input-error" : "input"}
          id="comment"
          name="comment"
          rows={2}
          maxLength={2000}
          value={draft.comment}
          aria-invalid={missing === "comment"}
          aria-describedby="comment-error"
          onInput={(event) => write({ comment: event.currentTarget.value })}
        />
        <p class="help is-p1" id="comment-error" role="alert">
          {missing === "comment" && <span class="bad">✕ {t("sheet.comment.missing")}</span>}
        </p>
      </div>
    </div>
  );
}

function ReasonCode({ deciding, missing }: { deciding: Deciding; missing: boolean }) {
  const { draft, write } = deciding;
  const reasons = usePlant().data?.rejectReasons ?? [];
  return (
    <div class="field">
      <label class="label" for="reason">
        {t("sheet.reason")} <span class="muted">{t("sheet.needed")}</span>
      </label>
      <select
        class={missing ? "input input-error" : "input"}
        id="reason"
        name="reason"
        value={draft.reasonCode}
        aria-invalid={missing}
        aria-describedby="reason-error"
        onChange={(event) => {
          const code = reasons.find((reason) => reason === event.currentTarget.value);
          write({ reasonCode: code ?? "" });
        }}
      >
        <option value="">{t("sheet.reason.choose")}</option>
        {reasons.map((reason) => (
          <option value={reason} key={reason}>
            {word("reason", reason)}
          </option>
        ))}
      </select>
      <p class="help is-p1" id="reason-error" role="alert">
        {missing && <span class="bad">✕ {t("sheet.reason.missing")}</span>}
      </p>
    </div>
  );
}

const meanings: Meaning[] = ["approval", "review", "responsibility"];

interface SignatureProps {
  task: TaskDetail;
  who: Session;
  deciding: Deciding;
}

export function Signature({ task, who, deciding }: SignatureProps) {
  const format = useFormat();
  const now = useNow(1_000);
  const { have, need } = task.approvals;
  const approve = deciding.draft.verb === "approve";
  return (
    <fieldset class="sign">
      <legend class="hide">{t("sheet.signature")}</legend>
      <div class="sign-head">
        <p>
          <b>{who.name}</b>, {word("role", who.roles[0] ?? "")}
        </p>
        {approve && <p class="muted">{t("sheet.nth", { n: have + 1, of: need })}</p>}
        <p class="small muted sign-when">
          {t("sheet.when", { at: format.full(now), offset: format.offset(now) })}
        </p>
      </div>
      {approve && (
        <div class="meanings" role="radiogroup" aria-label={t("sheet.meaning")}>
          {meanings.map((meaning) => (
            <label class="choice" key={meaning}>
              <input
                type="radio"
                name="meaning"
                checked={deciding.draft.meaning === meaning}
                onChange={() => deciding.write({ meaning })}
              />
              {t(`meaning.${meaning}`)}
            </label>
          ))}
        </div>
      )}
      <p class="small muted">
        {t("sheet.signs", { revision: task.revision, id: task.id })} <code>{task.rule.hash}</code>
      </p>
    </fieldset>
  );
}
