// What a release of rules changes, and what the rules would have done: as the request brought it.
import type { TaskDetail } from "../api/types";
import { t } from "../i18n";
import { Card } from "../parts/panel";

export function ReleaseCards({ release }: { release: NonNullable<TaskDetail["release"]> }) {
  const { askedBy, owners, bundle } = release;
  return (
    <>
      <Text id="release-changes" title={t("release.changes")} text={release.changes} wrap>
        {t("release.asked", { who: askedBy.name || askedBy.user, owners: owners.join(", ") })}
      </Text>
      <Text id="release-report" title={t("release.report")} text={release.report}>
        {t("release.bundle")} <code>{bundle.slice(0, 12)}</code>
      </Text>
    </>
  );
}

interface TextProps {
  id: string;
  title: string;
  text: string;
  wrap?: boolean;
  children: preact.ComponentChildren;
}

function Text({ id, title, text, wrap, children }: TextProps) {
  return (
    <Card id={id} title={title} note={children} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll it */}
      <pre class={wrap ? "card-body report wrap" : "card-body report"} lang="en" tabIndex={0}>
        {text}
      </pre>
    </Card>
  );
}
