// Priority: shape, number and colour, and a word for whoever does not see them.
import type { Priority } from "../api/types";
import { t } from "../i18n";

const forms: Record<Priority, { path: string; y: number }> = {
  1: { path: "M14 1.5 26.5 14 14 26.5 1.5 14Z", y: 19 },
  2: { path: "M14 2.5 26.5 25H1.5Z", y: 22.5 },
  3: { path: "M3.5 3.5h21v21h-21Z", y: 19 },
  4: { path: "M14 2a12 12 0 1 0 0 24a12 12 0 1 0 0-24", y: 19 },
};

interface GlyphProps {
  priority: Priority;
  size?: "s" | "l";
}

export function Glyph({ priority, size }: GlyphProps) {
  const form = forms[priority] ?? forms[4];
  return (
    <svg
      class={size ? `glyph glyph-${size}` : "glyph"}
      viewBox="0 0 28 28"
      role="img"
      aria-label={t("priority", { n: priority })}
    >
      <path class={`g${priority}`} d={form.path} />
      <text class={`gn gn${priority}`} x="14" y={form.y}>
        {priority}
      </text>
    </svg>
  );
}
