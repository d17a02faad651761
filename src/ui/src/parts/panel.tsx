// What every panel can be besides full: loading, empty, broken.
import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/errors";
import { t } from "../i18n";
import { errorText } from "../lib/errors";
import { Icon, type IconName } from "./icons";

interface CardProps {
  id: string;
  title: string;
  note?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

export function Card({ id, title, note, wide, children }: CardProps) {
  return (
    <section class={wide ? "card grid-wide" : "card"} aria-labelledby={id}>
      <header class="card-head">
        <h2 class="card-title" id={id}>
          {title}
        </h2>
        {note && <p class="card-note push">{note}</p>}
      </header>
      {children}
    </section>
  );
}

export function Skeleton({ label, lines }: { label: string; lines: string[] }) {
  return (
    <div class="state" aria-busy="true">
      <span class="hide" role="status">
        {label}
      </span>
      {lines.map((width, i) => (
        <span class={`skeleton ${width}`} key={i} />
      ))}
    </div>
  );
}

interface StateProps {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
}

export function State({ icon, title, children }: StateProps) {
  return (
    <div class="state">
      <Icon name={icon} size="l" />
      <h3>{title}</h3>
      {children}
    </div>
  );
}

export function Failed({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <div class="state" role="alert">
      <Icon name="error" size="l" />
      <p>{errorText(error)}</p>
      <div class="btn-row">
        <button class="btn" type="button" onClick={retry}>
          <Icon name="retry" />
          {t("retry")}
        </button>
        {error.requestId && <code class="muted">{t("request", { id: error.requestId })}</code>}
      </div>
    </div>
  );
}

interface BannerProps {
  icon: IconName;
  hatch?: boolean;
  status?: boolean;
  children: ComponentChildren;
  action?: ComponentChildren;
}

/** One line across a page, for what touches everything below it. */
export function Banner({ icon, hatch, status, children, action }: BannerProps) {
  return (
    <div class={hatch ? "banner banner-hatch" : "banner"} role={status ? "status" : undefined}>
      <Icon name={icon} />
      <div class="banner-text">{children}</div>
      {action}
    </div>
  );
}

export function Meter({ share }: { share: number }) {
  const width = `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
  return (
    <svg class="meter" aria-hidden="true">
      <rect class="meter-track" width="100%" height="100%" />
      <rect class="meter-fill" width={width} height="100%" />
    </svg>
  );
}
