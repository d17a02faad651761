// A task's title, which ends in the asset's name: that name is never broken in two.

export function Title({ text }: { text: string }) {
  const at = text.lastIndexOf(" ") + 1;
  return (
    <span lang="en">
      {text.slice(0, at)}
      <span class="nowrap">{text.slice(at)}</span>
    </span>
  );
}
